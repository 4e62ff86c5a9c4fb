package org.postern.imap.handler.message;

import java.io.IOException;
import java.io.OutputStream;
import org.postern.mime.ByteSearch;
import org.postern.mime.bytes.Spool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A message as it arrives. A full disk does not stop it: the client's literal is read to its end, so that the next command
 * is understood, and the message is refused then.
 */
final class Arrival extends OutputStream {
    private static final Logger LOG = LoggerFactory.getLogger(Arrival.class);

    private final Spool spool;
    private boolean nul;
    private boolean failed;

    Arrival(Spool spool) {
        this.spool = spool;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        nul = nul || ByteSearch.indexOf((byte) 0, bytes, offset, offset + length) >= 0;
        if (nul || failed) {
            return;
        }
        try {
            spool.write(bytes, offset, length);
        } catch (IOException e) {
            LOG.error("cannot keep an arriving message", e);
            failed = true;
        }
    }

    boolean hasNul() {
        return nul;
    }

    boolean hasFailed() {
        return failed;
    }
}
