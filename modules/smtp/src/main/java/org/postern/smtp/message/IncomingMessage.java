package org.postern.smtp.message;

import java.io.IOException;
import java.util.Optional;
import org.postern.mime.BinaryParts;
import org.postern.mime.MimeLimits;
import org.postern.mime.bytes.Spool;
import org.postern.mime.bytes.SpoolSettings;

/** One message while it comes in, by DATA or in chunks: header edited, body spooled, nothing of it in heap but the header. */
public final class IncomingMessage implements AutoCloseable {
    /** Why a message that has been read to its end cannot be taken. */
    public sealed interface Flaw {
        record TooBig(long max) implements Flaw {}

        record HeaderTooLong(int max) implements Flaw {}

        record LineTooLong(int max) implements Flaw {}

        record Nul() implements Flaw {}

        record BareLineEnd() implements Flaw {}

        /** Of a message with binary parts, which are not to be found, or not to be made text. */
        record Unencodable(BinaryParts.Problem why) implements Flaw {}

        /** The spool's disk is full or gone. */
        record NoRoom(IOException failure) implements Flaw {}
    }

    private final SpoolSettings spools;
    private final MessageIntake intake;
    private final MessageLimits limits;
    private final boolean binary;
    private final String traceId;
    private Spool spool;

    private IncomingMessage(
            SpoolSettings spools,
            Spool spool,
            MessageIntake intake,
            MessageLimits limits,
            boolean binary,
            String traceId) {
        this.spools = spools;
        this.spool = spool;
        this.intake = intake;
        this.limits = limits;
        this.binary = binary;
        this.traceId = traceId;
    }

    /**
     * @param spools where it waits
     * @param edit what is done to its header
     * @param binary whether parts of it may be no text (RFC 3030 §3); they become base64 at its end
     * @param traceId the message's name in Received fields and logs
     */
    public static IncomingMessage begin(
            SpoolSettings spools, MessageLimits limits, HeaderEdit edit, boolean binary, String traceId) {
        // The limit is of what the client sends; what we add goes on top.
        var spool =
                Spool.in(spools.withMaxBytes(Math.min(Integer.MAX_VALUE, limits.maxBytes() + limits.headerBytes())));
        var intake = new MessageIntake(spool, edit, limits.maxBytes(), limits.headerBytes());
        return new IncomingMessage(spools, spool, intake, limits, binary, traceId);
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
        return binary ? encode() : flawOfText(reader);
    }

    private Optional<Flaw> flawOfText(MessageReader reader) {
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

    /** Base64 has four bytes for three, and line ends: that is not held against the client's limit. */
    private Optional<Flaw> encode() {
        var text = Spool.in(spools.withMaxBytes(Math.min(Integer.MAX_VALUE, 2 * spool.size())));
        var came = spool;
        spool = text; // Closed with this message, whatever happens.
        try (came) {
            var problem = BinaryParts.encode(came, text, limits.textLine(), MimeLimits.DEFAULT);
            text.finish();
            return problem.map(this::flaw);
        } catch (IOException e) {
            return Optional.of(new Flaw.NoRoom(e));
        }
    }

    private Flaw flaw(BinaryParts.Problem problem) {
        return switch (problem) {
            case NUL -> new Flaw.Nul();
            case BARE_LINE_END -> new Flaw.BareLineEnd();
            case LINE_TOO_LONG -> new Flaw.LineTooLong(limits.textLine());
            case HEADER_TOO_LONG -> new Flaw.HeaderTooLong(MimeLimits.DEFAULT.headerBytes());
            case UNCLOSED, TOO_MANY_PARTS, NOT_TO_BE_ENCODED -> new Flaw.Unencodable(problem);
        };
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
