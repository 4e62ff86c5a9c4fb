package org.postern.smtp;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.james.protocols.api.Response;

/** Reads the parameters of one RCPT command: which notifications are wanted, and whom the sender named (RFC 3461 §4.1, §4.2). */
public final class RcptParameters {
    /** RFC 3461 §5.4. */
    private static final int MAX_ORCPT = 500;

    private static final Set<String> EVENTS = Set.of("SUCCESS", "FAILURE", "DELAY");

    /** What they say together. */
    public sealed interface Outcome {
        record Understood(Map<String, String> kept) implements Outcome {}

        record Malformed(Response reply) implements Outcome {}
    }

    private final boolean smtpUtf8;
    private final Map<String, String> kept = new TreeMap<>();

    private RcptParameters(boolean smtpUtf8) {
        this.smtpUtf8 = smtpUtf8;
    }

    /** @param smtpUtf8 whether MAIL asked for it, so that an original recipient may be written in UTF-8 */
    public static Outcome read(List<Path.Parameter> given, boolean smtpUtf8) {
        return new RcptParameters(smtpUtf8).read(given);
    }

    private Outcome read(List<Path.Parameter> given) {
        for (var parameter : given) {
            if (kept.containsKey(parameter.keyword())) {
                return new Outcome.Malformed(Reply.of(501, "5.5.4", "A parameter is given twice"));
            }
            var problem = take(parameter.keyword(), parameter.value().orElse(""));
            if (problem.isPresent()) {
                return new Outcome.Malformed(problem.get());
            }
        }
        return new Outcome.Understood(kept);
    }

    private Optional<Response> take(String keyword, String value) {
        return switch (keyword) {
            case "NOTIFY" -> keep(isNotify(value), keyword, value.toUpperCase(Locale.ROOT));
            case "ORCPT" -> keep(isOriginal(value), keyword, value);
            default -> Optional.of(Reply.of(555, "5.5.4", "A parameter of RCPT is not known here"));
        };
    }

    private Optional<Response> keep(boolean valid, String keyword, String value) {
        if (!valid) {
            return Optional.of(Reply.of(501, "5.5.4", "The value of " + keyword + " is not one of RFC 3461"));
        }
        kept.put(keyword, value);
        return Optional.empty();
    }

    /** {@code NEVER}, or a list of the others. */
    private static boolean isNotify(String value) {
        var words = List.of(value.toUpperCase(Locale.ROOT).split(",", -1));
        return words.equals(List.of("NEVER"))
                || (EVENTS.containsAll(words) && new HashSet<>(words).size() == words.size());
    }

    /** {@code addr-type ";" xtext}; of type utf-8 also plain UTF-8 (RFC 6533 §3). */
    private boolean isOriginal(String value) {
        int semicolon = value.indexOf(';');
        if (semicolon < 1 || value.length() > MAX_ORCPT) {
            return false;
        }
        var type = value.substring(0, semicolon).toLowerCase(Locale.ROOT);
        boolean isAtom = type.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
        var address = value.substring(semicolon + 1);
        if (smtpUtf8 && type.equals("utf-8")) {
            address = address.codePoints()
                    .filter(c -> c < 0x80)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
        }
        return isAtom && Xtext.isXtext(address);
    }
}
