package org.postern.bench.peer;

import java.time.Duration;

/** What a figure is measured on, alternately with others. */
public interface Measured {
    String name();

    /** Processor time of all its processes since they started, its database's included. */
    Duration cpu();
}
