package org.postern.transfer;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.postern.model.FolderName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An import that goes on where it was when its source breaks off: other servers close connections, and networks fail. */
public final class PatientImport {
    /** Runs in a row that bring nothing, after which the source is given up. */
    static final int TRIES = 6;

    /** The pause after the first of them; each further one is twice as long. */
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(PatientImport.class);

    private final Importer importer;
    private final Duration firstPause;

    public PatientImport(Importer importer) {
        this(importer, FIRST_PAUSE);
    }

    PatientImport(Importer importer, Duration firstPause) {
        this.importer = importer;
        this.firstPause = firstPause;
    }

    /** Opens the source, anew each time. */
    @FunctionalInterface
    public interface Opener {
        MailSource open() throws IOException;
    }

    /**
     * Runs to the end of the source, or to where the mailbox takes no more.
     *
     * @throws SourceGone when it is not there to begin with, or stays away; what was brought stays
     * @throws IOException when it cannot be read
     */
    public ImportCounts run(Opener opener, ImportSettings settings, ImportListener listener) throws IOException {
        var runs = new Runs(listener);
        int failures = 0;
        while (true) {
            try {
                return run(opener.open(), settings, runs);
            } catch (SourceGone e) {
                failures = runs.hasBroughtMore() ? 1 : failures + 1;
                if (!runs.hasBegun() || failures == TRIES) {
                    throw e;
                }
                var pause = firstPause.multipliedBy(1L << (failures - 1));
                listener.gone(e, pause);
                rest(pause, e);
                runs.next();
            }
        }
    }

    private ImportCounts run(MailSource source, ImportSettings settings, Runs runs) throws IOException {
        try {
            return runs.sum(importer.run(source, settings, runs));
        } finally {
            close(source);
        }
    }

    private static void close(MailSource source) {
        try {
            source.close();
        } catch (IOException e) {
            LOG.debug("the source has not ended well; nothing is lost", e);
        }
    }

    private static void rest(Duration pause, SourceGone why) throws SourceGone {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw why;
        }
    }

    /** Several runs that look like one. */
    private static final class Runs implements ImportListener {
        private final ImportListener listener;
        private final Set<Trouble> told = new HashSet<>();
        private ImportCounts before = ImportCounts.NONE;
        private ImportCounts now = ImportCounts.NONE;
        private boolean begun;

        Runs(ImportListener listener) {
            this.listener = listener;
        }

        boolean hasBegun() {
            return begun;
        }

        boolean hasBroughtMore() {
            return now.imported() > 0;
        }

        void next() {
            before = sum(now);
            now = ImportCounts.NONE;
        }

        ImportCounts sum(ImportCounts counts) {
            return counts.after(before);
        }

        @Override
        public void folder(FolderFacts source, FolderName target) {
            begun = true;
            listener.folder(source, target);
        }

        @Override
        public void progress(ImportCounts counts) {
            now = counts;
            listener.progress(sum(counts));
        }

        /** Once, however often it is met. */
        @Override
        public void trouble(Trouble trouble) {
            if (told.add(trouble)) {
                listener.trouble(trouble);
            }
        }

        @Override
        public void gone(SourceGone why, Duration pause) {
            listener.gone(why, pause);
        }
    }
}
