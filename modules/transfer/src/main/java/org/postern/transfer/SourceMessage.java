package org.postern.transfer;

import java.io.IOException;
import java.io.InputStream;

/** One message of a source. */
public interface SourceMessage {
    MessageFacts facts();

    /**
     * Its bytes, once; a line may end as it likes.
     *
     * @throws IOException when they cannot be had
     */
    InputStream open() throws IOException;
}
