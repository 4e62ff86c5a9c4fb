package org.postern.imap.reply;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a handler answers: untagged responses in order, then the status that completes the command. */
public sealed interface Reply {
    /** Small answers, whole in memory. */
    record Whole(List<Untagged> untagged, Tagged tagged) implements Reply {
        public Whole {
            untagged = List.copyOf(untagged);
        }

        /** The same, behind other responses. */
        public Whole behind(List<Untagged> first) {
            return new Whole(Stream.concat(first.stream(), untagged.stream()).toList(), tagged);
        }
    }

    /**
     * Answers of any size, made while they are written, outside any transaction.
     *
     * @param player sends the untagged responses and returns the status
     */
    record Streamed(Player player) implements Reply {}

    /** Ends the connection once it is written: LOGOUT, and a bound overstepped. */
    record Farewell(Bye bye, Optional<Tagged> tagged) implements Reply {}

    /** The status goes out in clear, and then TLS begins (RFC 3501 §6.2.1). */
    record StartTls(Tagged tagged) implements Reply {}

    /** The status goes out as it is, and then both directions are compressed (RFC 4978 §3). */
    record Compress(Tagged tagged) implements Reply {}

    /** {@code * BYE} (RFC 3501 §7.1.5). */
    record Bye(Optional<Code> code, String text) {}

    /** Makes a streamed answer. */
    @FunctionalInterface
    interface Player {
        Tagged play(Responses to) throws IOException;
    }

    static Reply ok(String text) {
        return new Whole(List.of(), Tagged.ok(text));
    }

    static Reply ok(Code code, String text) {
        return new Whole(List.of(), Tagged.ok(code, text));
    }

    static Reply ok(List<Untagged> untagged, String text) {
        return new Whole(untagged, Tagged.ok(text));
    }

    static Reply no(String text) {
        return new Whole(List.of(), Tagged.no(text));
    }

    static Whole no(Code code, String text) {
        return new Whole(List.of(), Tagged.no(code, text));
    }

    static Reply bad(String text) {
        return new Whole(List.of(), Tagged.bad(text));
    }
}
