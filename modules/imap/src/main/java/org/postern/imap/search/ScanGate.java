package org.postern.imap.search;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import org.postern.imap.ImapLimits;

/** Lets few sessions of a node at a time scan or sort, so that they leave the processors to others. Any thread. */
public final class ScanGate {
    private final Semaphore turns;

    /** What is done behind the gate. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws IOException;
    }

    public ScanGate(ImapLimits limits) {
        this.turns = new Semaphore(limits.searchScans(), true);
    }

    public <T> T pass(Work<T> work) throws IOException {
        turns.acquireUninterruptibly();
        try {
            return work.run();
        } finally {
            turns.release();
        }
    }
}
