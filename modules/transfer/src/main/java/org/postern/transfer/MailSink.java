package org.postern.transfer;

import java.io.IOException;

/** Where mail is written to. */
public interface MailSink extends AutoCloseable {
    /**
     * The next folder; what came before is whole.
     *
     * @throws IOException when it cannot be written
     */
    void folder(ExportedFolder folder) throws IOException;

    /**
     * The next message of the folder, by ascending UID.
     *
     * @throws IOException when it cannot be written, or its bytes cannot be read
     */
    void message(ExportedMessage message) throws IOException;

    /** All is written. */
    @Override
    void close() throws IOException;
}
