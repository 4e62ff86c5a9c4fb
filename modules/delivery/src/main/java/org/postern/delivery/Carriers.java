package org.postern.delivery;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Whoever carries queued messages on: each looks at the queue when something has come into it. Any number of threads. */
public final class Carriers {
    private final List<Runnable> wakes = new CopyOnWriteArrayList<>();

    /** @param wake never waits for the work */
    public void add(Runnable wake) {
        wakes.add(wake);
    }

    /** Something has come into the queue, for whomever. */
    public void wake() {
        wakes.forEach(Runnable::run);
    }
}
