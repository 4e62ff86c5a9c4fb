package org.postern.net;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;

/** The certificates being served: chosen by server name, reloaded when their files change. */
public final class TlsContexts implements AutoCloseable {
    private TlsContexts() {}

    /**
     * Reads all certificates and begins to watch their files.
     *
     * @throws IOException when one cannot be read or does not fit its key; says which and why
     */
    public static TlsContexts open(TlsSettings settings, InstantSource clock, SecureRandom random) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Looks at the files now; a broken one keeps what is served and is logged. */
    public void reload() {
        throw new UnsupportedOperationException();
    }

    /** Stops watching. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
