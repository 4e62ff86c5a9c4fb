package org.postern.smtp.message;

import java.io.IOException;
import java.util.Optional;
import org.postern.mime.Spool;
import org.postern.mime.SpoolSettings;

/** One message while it comes in, by DATA or in chunks: header edited, body spooled, nothing of it in heap but the header. */
public final class IncomingMessage implements AutoCloseable {
    /** Why a message that has been read to its end cannot be taken. */
    public sealed interface Flaw {
        record TooBig(long max) implements Flaw {}

        record HeaderTooLong(int max) implements Flaw {}

        record LineTooLong(int max) implements Flaw {}

        record Nul() implements Flaw {}

        record BareLineEnd() implements Flaw {}

        /** The spool's disk is full or gone. */
        record NoRoom(IOException failure) implements Flaw {}
    }

    private final Spool spool;
    private final MessageIntake intake;
    private final MessageLimits limits;
    private final String traceId;

    private IncomingMessage(Spool spool, MessageIntake intake, MessageLimits limits, String traceId) {
        this.spool = spool;
        this.intake = intake;
        this.limits = limits;
        this.traceId = traceId;
    }

    /**
     * @param spools where it waits
     * @param edit what is done to its header
     * @param traceId the message's name in Received fields and logs
     */
    public static IncomingMessage begin(SpoolSettings spools, MessageLimits limits, HeaderEdit edit, String traceId) {
        // The limit is of what the client sends; what we add goes on top.
        var spool =
                Spool.in(spools.withMaxBytes(Math.min(Integer.MAX_VALUE, limits.maxBytes() + limits.headerBytes())));
        var intake = new MessageIntake(spool, edit, limits.maxBytes(), limits.headerBytes());
        return new IncomingMessage(spool, intake, limits, traceId);
    }

    /** Where its bytes go. */
    public MessageReader.Sink sink() {
        return intake;
    }

    public MessageLimits limits() {
        return limits;
    }

    public String traceId() {
        return traceId;
    }

    /** Bytes so far, as the client counts. */
    public long received() {
        return intake.received();
    }

    /** Why it will not be taken, as far as that is known before its end. */
    public Optional<Flaw> flawSoFar() {
        return intake.problem().map(this::flaw);
    }

    /** The last byte is in. */
    public Optional<Flaw> finish(MessageReader reader) {
        var kept = intake.finish();
        if (kept.isPresent()) {
            return kept.map(this::flaw);
        }
        if (reader.hasBareLineEnd()) {
            return Optional.of(new Flaw.BareLineEnd());
        }
        if (reader.hasNul()) {
            return Optional.of(new Flaw.Nul());
        }
        return reader.longestLine() > limits.textLine()
                ? Optional.of(new Flaw.LineTooLong(limits.textLine()))
                : Optional.empty();
    }

    private Flaw flaw(MessageIntake.Problem problem) {
        return switch (problem) {
            case MessageIntake.Problem.TooBig _ -> new Flaw.TooBig(limits.maxBytes());
            case MessageIntake.Problem.HeaderTooLong _ -> new Flaw.HeaderTooLong(limits.headerBytes());
            case MessageIntake.Problem.NoRoom(var failure) -> new Flaw.NoRoom(failure);
        };
    }

    /** The whole message as it goes out; after {@link #finish} without a flaw. */
    public Spool bytes() {
        return spool;
    }

    /** As the client wrote it; after {@link #finish} without a flaw. */
    public MessageHeader header() {
        return intake.header();
    }

    @Override
    public void close() throws IOException {
        spool.close();
    }
}
