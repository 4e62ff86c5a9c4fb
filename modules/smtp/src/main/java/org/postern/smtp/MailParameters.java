package org.postern.smtp;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.james.protocols.api.Response;
import org.postern.delivery.BodyType;
import org.postern.delivery.MailOptions;
import org.postern.model.Refusal;

/** Reads the parameters of one MAIL command (RFC 5321 §4.1.2), each by its own RFC. */
public final class MailParameters {
    /** RFC 3461 §5.4. */
    private static final int MAX_ENVID = 100;

    private static final Pattern BY = Pattern.compile("([+-]?[0-9]{1,9});([NR])T?");
    private static final Pattern PRIORITY = Pattern.compile("-?[1-9]|0");
    private static final int MAX_SIZE_DIGITS = 18;
    /** RFC 4865 §3. */
    private static final int MAX_HOLD_DIGITS = 9;

    private static final Outcome UNKNOWN =
            new Outcome.Malformed(Reply.of(555, "5.5.4", "A parameter of MAIL is not known here"));

    /** What they say together. */
    public sealed interface Outcome {
        record Understood(MailOptions options) implements Outcome {}

        record Malformed(Response reply) implements Outcome {}

        record TooBig(Refusal.MessageTooBig refusal) implements Outcome {}
    }

    /**
     * What is offered.
     *
     * @param keywords that are known, in capitals
     * @param bodies what a message may be made of
     * @param maxBytes the largest message that may follow
     * @param longestHold how far ahead a message may be released
     */
    public record Offer(Set<String> keywords, List<BodyType> bodies, long maxBytes, Duration longestHold) {
        public Offer {
            keywords = Set.copyOf(keywords);
            bodies = List.copyOf(bodies);
        }
    }

    private final Offer offer;
    private final Instant now;

    private BodyType bodyType = BodyType.SEVEN_BIT;
    private boolean smtpUtf8;
    private Optional<Instant> holdUntil = Optional.empty();
    private final Map<String, String> kept = new TreeMap<>();

    private MailParameters(Offer offer, Instant now) {
        this.offer = offer;
        this.now = now;
    }

    public static Outcome read(List<Path.Parameter> given, Offer offer, Instant now) {
        return new MailParameters(offer, now).read(given);
    }

    private Outcome read(List<Path.Parameter> given) {
        var seen = new HashSet<String>();
        for (var parameter : given) {
            if (!seen.add(parameter.keyword())) {
                return malformed("A parameter is given twice");
            }
            if (!offer.keywords().contains(parameter.keyword())) {
                return UNKNOWN;
            }
            var problem = take(parameter.keyword(), parameter.value());
            if (problem.isPresent()) {
                return problem.get();
            }
        }
        if (seen.contains("HOLDFOR") && seen.contains("HOLDUNTIL")) {
            return malformed("HOLDFOR or HOLDUNTIL, not both");
        }
        return new Outcome.Understood(new MailOptions(bodyType, smtpUtf8, kept, holdUntil));
    }

    private Optional<Outcome> take(String keyword, Optional<String> given) {
        var value = given.orElse("");
        return switch (keyword) {
            case "SIZE" -> size(value);
            case "BODY" -> body(value.toUpperCase(Locale.ROOT));
            // RFC 4954 §5: who the client says has submitted it first is not believed, so it is dropped.
            case "AUTH" -> value.isEmpty() ? wrong("AUTH wants an address or <>") : Optional.empty();
            case "SMTPUTF8" -> smtpUtf8(given);
            case "ENVID" -> envid(value);
            case "RET" -> ret(value.toUpperCase(Locale.ROOT));
            case "REQUIRETLS" -> requireTls(given);
            case "BY" -> by(value.toUpperCase(Locale.ROOT));
            case "MT-PRIORITY" -> priority(value);
            case "HOLDFOR" -> holdFor(value);
            case "HOLDUNTIL" -> holdUntil(value);
            default -> Optional.of(UNKNOWN);
        };
    }

    /** RFC 1870 §6.1. */
    private Optional<Outcome> size(String value) {
        if (!isNumber(value)) {
            return wrong("SIZE wants a number");
        }
        return value.length() > MAX_SIZE_DIGITS || Long.parseLong(value) > offer.maxBytes()
                ? Optional.of(new Outcome.TooBig(new Refusal.MessageTooBig(offer.maxBytes())))
                : Optional.empty();
    }

    /** RFC 6152 §3, RFC 3030 §3. */
    private Optional<Outcome> body(String value) {
        for (var offered : offer.bodies()) {
            if (offered.wire().equals(value)) {
                bodyType = offered;
                return Optional.empty();
            }
        }
        return wrong("BODY is " + offer.bodies().stream().map(BodyType::wire).collect(Collectors.joining(" or ")));
    }

    /** RFC 6531 §3.4. */
    private Optional<Outcome> smtpUtf8(Optional<String> value) {
        smtpUtf8 = true;
        return value.isPresent() ? wrong("SMTPUTF8 has no value") : Optional.empty();
    }

    /** RFC 3461 §4.4. */
    private Optional<Outcome> envid(String value) {
        if (value.length() > MAX_ENVID || !Xtext.isXtext(value)) {
            return wrong("ENVID wants 1 to " + MAX_ENVID + " characters of xtext");
        }
        kept.put("ENVID", value);
        return Optional.empty();
    }

    /** RFC 3461 §4.3. */
    private Optional<Outcome> ret(String value) {
        if (!value.equals("FULL") && !value.equals("HDRS")) {
            return wrong("RET is FULL or HDRS");
        }
        kept.put("RET", value);
        return Optional.empty();
    }

    /** RFC 8689 §2. */
    private Optional<Outcome> requireTls(Optional<String> value) {
        kept.put("REQUIRETLS", "");
        return value.isPresent() ? wrong("REQUIRETLS has no value") : Optional.empty();
    }

    /**
     * RFC 2852 §4: seconds, and whether the message is then given up or only reported on. A trace, which {@code T} asks for, is what
     * DSN's NOTIFY gives.
     */
    private Optional<Outcome> by(String value) {
        var asked = BY.matcher(value);
        if (!asked.matches()) {
            return wrong("BY wants seconds and a mode, such as 120;R");
        }
        long seconds = Long.parseLong(asked.group(1));
        if (seconds <= 0 && asked.group(2).equals("R")) {
            return wrong("A message to be given up later has some time left"); // §4.1.1.
        }
        kept.put("BY", seconds + ";" + asked.group(2));
        return Optional.empty();
    }

    /** RFC 6710 §3. */
    private Optional<Outcome> priority(String value) {
        if (!PRIORITY.matcher(value).matches()) {
            return wrong("MT-PRIORITY is -9 to 9");
        }
        kept.put("MT-PRIORITY", value);
        return Optional.empty();
    }

    /** RFC 4865 §3: seconds. */
    private Optional<Outcome> holdFor(String value) {
        if (!isNumber(value) || value.length() > MAX_HOLD_DIGITS) {
            return wrong("HOLDFOR wants seconds");
        }
        return hold(now.plusSeconds(Long.parseLong(value)));
    }

    /** RFC 4865 §3: {@code date-time} of RFC 3339 §5.6. A time that has passed holds nothing back: clocks differ. */
    private Optional<Outcome> holdUntil(String value) {
        try {
            return hold(OffsetDateTime.parse(value.toUpperCase(Locale.ROOT)).toInstant());
        } catch (DateTimeException e) {
            return wrong("HOLDUNTIL wants a date and time such as 2030-01-31T08:00:00Z");
        }
    }

    private Optional<Outcome> hold(Instant until) {
        if (until.isAfter(now.plus(offer.longestHold()))) {
            return wrong("A message is held for " + offer.longestHold().toSeconds() + " seconds at most");
        }
        var second = until.truncatedTo(ChronoUnit.SECONDS);
        holdUntil = Optional.of(second);
        kept.put("HOLDUNTIL", second.toString());
        return Optional.empty();
    }

    private static boolean isNumber(String value) {
        return !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static Optional<Outcome> wrong(String text) {
        return Optional.of(malformed(text));
    }

    private static Outcome malformed(String text) {
        return new Outcome.Malformed(Reply.of(501, "5.5.4", text));
    }
}
