package org.postern.mailstore;

import java.io.IOException;
import java.io.OutputStream;
import org.postern.model.ContentId;

/** A whole message in memory. */
@SuppressWarnings("ArrayRecordComponent") // Lent, never compared.
public record SmallMessage(ContentId content, byte[] header, byte[] body) {
    public void writeTo(OutputStream out) throws IOException {
        out.write(header);
        out.write(body);
    }
}
