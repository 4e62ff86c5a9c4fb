package org.postern.delivery.inbound;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * An SPF record, its syntax checked as a whole (RFC 7208 §4.6, §12).
 *
 * @param redirect the domain-spec that says the rest when no mechanism matches
 */
record SpfRecord(List<Directive> directives, Optional<String> redirect) {
    private static final Set<String> MECHANISMS = Set.of("all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists");

    /**
     * One mechanism with its qualifier.
     *
     * @param argument behind the colon
     * @param prefix4 bits of IPv4 addresses that are compared
     * @param prefix6 bits of IPv6 addresses that are compared
     */
    record Directive(
            SpfResult result, String mechanism, Optional<String> argument, OptionalInt prefix4, OptionalInt prefix6) {}

    /** Whether the text is a record of this version at all. */
    static boolean isOne(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        return lower.equals("v=spf1") || lower.startsWith("v=spf1 ");
    }

    /** Empty for one that breaks the syntax anywhere. */
    static Optional<SpfRecord> parse(String text) {
        var directives = new ArrayList<Directive>();
        Optional<String> redirect = Optional.empty();
        boolean explained = false;
        for (var term : text.substring("v=spf1".length()).split(" ", -1)) {
            if (term.isEmpty()) {
                continue;
            }
            var modifier = modifier(term);
            if (modifier.isEmpty()) {
                var directive = directive(term);
                if (directive.isEmpty()) {
                    return Optional.empty();
                }
                directives.add(directive.get());
                continue;
            }
            var value = term.substring(modifier.get().length() + 1);
            switch (modifier.get().toLowerCase(Locale.ROOT)) {
                case "redirect" -> {
                    if (redirect.isPresent() || value.isEmpty()) {
                        return Optional.empty();
                    }
                    redirect = Optional.of(value);
                }
                case "exp" -> {
                    if (explained) {
                        return Optional.empty();
                    }
                    explained =
                            true; // What a domain wants said to its forgers, nobody here repeats (§6.2 allows that).
                }
                default -> {} // §6: unknown ones are ignored.
            }
        }
        return Optional.of(new SpfRecord(List.copyOf(directives), redirect));
    }

    private static Optional<String> modifier(String term) {
        int equals = term.indexOf('=');
        boolean isName = equals > 0 && term.substring(0, equals).matches("[A-Za-z][A-Za-z0-9_.-]*");
        return isName ? Optional.of(term.substring(0, equals)) : Optional.empty();
    }

    private static Optional<Directive> directive(String term) {
        var qualified = "+-?~".indexOf(term.charAt(0)) >= 0;
        var rest = qualified ? term.substring(1) : term;
        int nameEnd = 0;
        while (nameEnd < rest.length() && Character.isLetterOrDigit(rest.charAt(nameEnd))) {
            nameEnd++;
        }
        var name = rest.substring(0, nameEnd).toLowerCase(Locale.ROOT);
        var behind = rest.substring(nameEnd);
        if (!MECHANISMS.contains(name)) {
            return Optional.empty();
        }
        var result = result(qualified ? term.charAt(0) : '+');
        return switch (name) {
            case "all" -> behind.isEmpty() ? Optional.of(plain(result, name, Optional.empty())) : Optional.empty();
            case "include", "exists" ->
                behind.length() > 1 && behind.charAt(0) == ':'
                        ? Optional.of(plain(result, name, Optional.of(behind.substring(1))))
                        : Optional.empty();
            case "ip4", "ip6" ->
                behind.length() > 1 && behind.charAt(0) == ':'
                        ? network(result, name, behind.substring(1))
                        : Optional.empty();
            case "ptr" ->
                behind.isEmpty() || (behind.length() > 1 && behind.charAt(0) == ':')
                        ? Optional.of(plain(result, name, argument(behind)))
                        : Optional.empty();
            case "a", "mx" -> hosts(result, name, behind);
            default -> throw new IllegalStateException(name);
        };
    }

    private static Directive plain(SpfResult result, String name, Optional<String> argument) {
        return new Directive(result, name, argument, OptionalInt.empty(), OptionalInt.empty());
    }

    private static Optional<String> argument(String behind) {
        return behind.isEmpty() ? Optional.empty() : Optional.of(behind.substring(1));
    }

    private static Optional<Directive> network(SpfResult result, String name, String argument) {
        boolean six = name.equals("ip6");
        int slash = argument.indexOf('/');
        var address = slash < 0 ? argument : argument.substring(0, slash);
        var prefix = slash < 0 ? OptionalInt.empty() : length(argument.substring(slash + 1), six ? 128 : 32);
        if ((slash >= 0 && prefix.isEmpty()) || Addresses.literal(address, six).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Directive(
                result,
                name,
                Optional.of(address),
                six ? OptionalInt.empty() : prefix,
                six ? prefix : OptionalInt.empty()));
    }

    /** {@code [":" domain-spec] ["/" ip4-length] ["//" ip6-length]} (§5.6). */
    private static Optional<Directive> hosts(SpfResult result, String name, String behind) {
        var rest = behind;
        var six = OptionalInt.empty();
        int two = rest.indexOf("//");
        if (two >= 0) {
            six = length(rest.substring(two + 2), 128);
            if (six.isEmpty()) {
                return Optional.empty();
            }
            rest = rest.substring(0, two);
        }
        var four = OptionalInt.empty();
        int one = rest.lastIndexOf('/');
        if (one >= 0 && rest.substring(one + 1).matches("\\d+")) {
            four = length(rest.substring(one + 1), 32);
            if (four.isEmpty()) {
                return Optional.empty();
            }
            rest = rest.substring(0, one);
        }
        boolean valid = rest.isEmpty() || (rest.length() > 1 && rest.charAt(0) == ':');
        return valid ? Optional.of(new Directive(result, name, argument(rest), four, six)) : Optional.empty();
    }

    private static OptionalInt length(String digits, int most) {
        if (!digits.matches("0|[1-9][0-9]{0,2}")) {
            return OptionalInt.empty();
        }
        int length = Integer.parseInt(digits);
        return length <= most ? OptionalInt.of(length) : OptionalInt.empty();
    }

    private static SpfResult result(char qualifier) {
        return switch (qualifier) {
            case '-' -> SpfResult.FAIL;
            case '~' -> SpfResult.SOFTFAIL;
            case '?' -> SpfResult.NEUTRAL;
            default -> SpfResult.PASS;
        };
    }
}
