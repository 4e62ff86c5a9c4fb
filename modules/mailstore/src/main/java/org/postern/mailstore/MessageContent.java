package org.postern.mailstore;

import java.io.IOException;
import java.io.OutputStream;
import org.postern.mime.Envelope;
import org.postern.mime.Structure;
import org.postern.model.ContentId;
import org.postern.model.Uid;

/** What was read of one message; parts that were not asked for throw {@link IllegalStateException}. */
public final class MessageContent {
    public Uid uid() {
        throw new UnsupportedOperationException();
    }

    public ContentId content() {
        throw new UnsupportedOperationException();
    }

    /** Bytes of the whole message. */
    public long size() {
        throw new UnsupportedOperationException();
    }

    public Envelope envelope() {
        throw new UnsupportedOperationException();
    }

    public Structure structure() {
        throw new UnsupportedOperationException();
    }

    /** The header with its blank line, as it came; cut at {@value Contents#MAX_HEADER_BYTES} bytes. */
    public byte[] header() {
        throw new UnsupportedOperationException();
    }

    public String preview() {
        throw new UnsupportedOperationException();
    }

    /** Writes the whole message; {@link ContentPart#BYTES} makes this cheap for small ones, it works without. */
    public void writeTo(OutputStream out) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Writes the bytes {@code from} to {@code from + length} of the message, less where it ends before. */
    public void writeTo(OutputStream out, long from, long length) throws IOException {
        throw new UnsupportedOperationException();
    }
}
