package org.postern.smtp.message;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postern.mime.bytes.Spool;

/**
 * Takes the bytes of one message: its header is gathered and edited as a whole, its body goes straight into the spool. After a
 * problem the rest is dropped, and with it the message.
 */
final class MessageIntake implements MessageReader.Sink {
    /** Why the message cannot be kept. */
    sealed interface Problem {
        record TooBig() implements Problem {}

        record HeaderTooLong() implements Problem {}

        record NoRoom(IOException failure) implements Problem {}
    }

    private static final byte[] BLANK_LINE = {'\r', '\n', '\r', '\n'};

    private final Spool spool;
    private final HeaderEdit edit;
    private final long maxBytes;
    private final int maxHeaderBytes;

    private @Nullable ByteArrayOutputStream header = new ByteArrayOutputStream();
    /** How much of {@link #BLANK_LINE} the header ends with; a message may begin with a blank line. */
    private int matched = 2;

    private @Nullable MessageHeader submitted;
    private long size;
    private @Nullable Problem problem;

    /**
     * @param edit what is done to its header
     * @param maxBytes of the message as the client sends it
     */
    MessageIntake(Spool spool, HeaderEdit edit, long maxBytes, int maxHeaderBytes) {
        this.spool = spool;
        this.edit = edit;
        this.maxBytes = maxBytes;
        this.maxHeaderBytes = maxHeaderBytes;
    }

    @Override
    public void take(byte[] bytes, int offset, int length) {
        size += length;
        if (size > maxBytes) {
            fail(new Problem.TooBig());
        }
        if (problem != null) {
            return;
        }
        int inHeader = header == null ? 0 : gatherHeader(header, bytes, offset, length);
        write(bytes, offset + inHeader, length - inHeader);
    }

    /** @return how many bytes belong to the header */
    private int gatherHeader(ByteArrayOutputStream into, byte[] bytes, int offset, int length) {
        int at = 0;
        while (at < length && matched < BLANK_LINE.length) {
            byte b = bytes[offset + at++];
            if (b == BLANK_LINE[matched]) {
                matched++;
            } else {
                matched = b == '\r' ? 1 : 0;
            }
        }
        into.write(bytes, offset, at);
        if (matched == BLANK_LINE.length) {
            endHeader(into);
        } else if (into.size() > maxHeaderBytes) {
            endWithoutBlankLine(into);
        }
        return at;
    }

    /** What looks like an endless header may be a body that begins without a blank line. */
    private void endWithoutBlankLine(ByteArrayOutputStream gathered) {
        if (MessageHeader.of(gathered.toByteArray()).endsAtBody()) {
            endHeader(gathered);
        } else {
            fail(new Problem.HeaderTooLong());
        }
    }

    private void endHeader(ByteArrayOutputStream gathered) {
        header = null;
        var complete = MessageHeader.of(gathered.toByteArray());
        if (complete.fieldBytes() > maxHeaderBytes) {
            fail(new Problem.HeaderTooLong());
            return;
        }
        submitted = complete;
        var edited = complete.edited(edit);
        write(edited, 0, edited.length);
    }

    private void write(byte[] bytes, int offset, int length) {
        if (problem != null || length == 0) {
            return;
        }
        try {
            spool.write(bytes, offset, length);
        } catch (IOException e) {
            fail(new Problem.NoRoom(e));
        }
    }

    /**
     * The message is complete.
     *
     * @return why it cannot be kept, if so
     */
    Optional<Problem> finish() {
        if (header != null && problem == null) {
            endHeader(header);
        }
        if (problem == null) {
            try {
                spool.finish();
            } catch (IOException e) {
                fail(new Problem.NoRoom(e));
            }
        }
        return Optional.ofNullable(problem);
    }

    /** Bytes so far, as the client sends them. */
    long received() {
        return size;
    }

    /** What is known before the end. */
    Optional<Problem> problem() {
        return Optional.ofNullable(problem);
    }

    /** After {@link #finish} without a problem. */
    MessageHeader header() {
        if (submitted == null) {
            throw new IllegalStateException("the message is not finished");
        }
        return submitted;
    }

    private void fail(Problem first) {
        if (problem == null) {
            problem = first;
            header = null;
        }
    }
}
