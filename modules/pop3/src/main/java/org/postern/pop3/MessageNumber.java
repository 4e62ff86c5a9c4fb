package org.postern.pop3;

import java.util.Optional;

/** Reads message numbers and counts: decimal digits alone (RFC 1939 §3). */
final class MessageNumber {
    private static final int MAX_DIGITS = 9;
    static final String NO_SUCH_MESSAGE = "No such message";

    private MessageNumber() {}

    /** The number that the text writes, 0 to 999,999,999. */
    static Optional<Integer> parse(String text) {
        if (text.isEmpty() || text.length() > MAX_DIGITS || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        return Optional.of(Integer.parseInt(text));
    }

    /** The number of a message that the maildrop has and the session has not marked. */
    static Optional<Integer> of(Maildrop maildrop, Optional<String> argument) {
        return argument.flatMap(MessageNumber::parse).filter(maildrop::has);
    }
}
