package org.postern.net;

/** Why {@link Connection#await} returned. */
public enum Wake {
    /** The client sent bytes: they wait in {@link Connection#in()}. */
    BYTES,
    /** Somebody called {@link Connection#wake()}, once or often. */
    CALLED,
    /** Neither happened in time. */
    TIMED_OUT
}
