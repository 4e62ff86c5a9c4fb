package org.postern.transfer;

import java.io.IOException;
import java.util.List;

/** Where mail comes from: a folder of files, or another server. */
public interface MailSource extends AutoCloseable {
    /**
     * All its folders, as they are now.
     *
     * @throws IOException when they cannot be read at all
     */
    List<SourceFolder<?>> folders() throws IOException;

    /** @throws IOException when a connection does not end well; nothing is lost then */
    @Override
    void close() throws IOException;
}
