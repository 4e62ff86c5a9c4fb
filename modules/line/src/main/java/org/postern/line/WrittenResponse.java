package org.postern.line;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.apache.james.protocols.api.Response;

/** A reply whose text is followed by bytes that are written while they are read: a message of any size in bounded memory. */
public final class WrittenResponse implements Response {
    private final Response head;
    private final Body body;

    /** @param head the lines before the body */
    public WrittenResponse(Response head, Body body) {
        this.head = head;
        this.body = body;
    }

    /** Writes what follows the reply's lines, its end mark included. Runs outside of any transaction, may block. */
    @FunctionalInterface
    public interface Body {
        void writeTo(OutputStream out) throws IOException;
    }

    void writeBody(OutputStream out) throws IOException {
        body.writeTo(out);
    }

    @Override
    public String getRetCode() {
        return head.getRetCode();
    }

    @Override
    public List<CharSequence> getLines() {
        return head.getLines();
    }

    @Override
    public boolean isEndSession() {
        return head.isEndSession();
    }
}
