package org.postern.server.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.postern.model.Domain;
import org.postern.model.HelpLine;
import org.postern.model.PlanName;
import org.postern.net.Cidr;

/**
 * How one type of value is written in a config file.
 *
 * @param expected completes "expected …"
 * @param reader throws IllegalArgumentException for any other text
 */
record Form<T>(String expected, Function<String, T> reader) {
    private static final int DNS_PORT = 53;

    /** The forms of every type that is one scalar; enums have theirs by {@link #ofEnum}. */
    static Map<Class<?>, Form<?>> all(Path folder) {
        return Map.ofEntries(
                Map.entry(String.class, new Form<>("text", text -> text)),
                Map.entry(int.class, new Form<>("a whole number", Integer::valueOf)),
                Map.entry(Integer.class, new Form<>("a whole number", Integer::valueOf)),
                Map.entry(long.class, new Form<>("a whole number", Long::valueOf)),
                Map.entry(boolean.class, new Form<>("true or false", Form::truth)),
                Map.entry(
                        Duration.class, new Form<>("a duration such as 250ms, 10s, 30m, 24h or 7d", Durations::parse)),
                Map.entry(Window.class, new Form<>("a window of 1m to 31d, such as 1h or 24h", Window::of)),
                Map.entry(ByteSize.class, new Form<>("a size such as 64KB, 25MB or 10GB", ByteSize::of)),
                Map.entry(
                        Path.class,
                        new Form<>(
                                "a path", text -> folder.resolve(nonEmpty(text)).normalize())),
                Map.entry(HelpLine.class, new Form<>("one line of at most 200 ASCII characters", HelpLine::new)),
                Map.entry(PlanName.class, new Form<>("a plan's name (a-z, 0-9, -)", PlanName::new)),
                Map.entry(Domain.class, new Form<>("a host name", Domain::new)),
                Map.entry(InetAddress.class, new Form<>("a network address such as 127.0.0.1 or ::1", Form::address)),
                Map.entry(
                        InetSocketAddress.class,
                        new Form<>("a network address, with a port or without, such as 127.0.0.1:5353", Form::server)),
                Map.entry(Cidr.class, new Form<>("a network such as 10.0.0.0/8 or 2001:db8::/32", Cidr::parse)));
    }

    static Form<Object> ofEnum(Class<?> type) {
        var names = Arrays.stream(type.getEnumConstants()).collect(Collectors.toMap(Form::nameOf, each -> each));
        var expected = Arrays.stream(type.getEnumConstants()).map(Form::nameOf).collect(Collectors.joining(", "));
        return new Form<>("one of " + expected, text -> {
            var found = names.get(text);
            if (found == null) {
                throw new IllegalArgumentException("not one of " + expected);
            }
            return found;
        });
    }

    private static String nameOf(Object constant) {
        return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static boolean truth(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("not true or false");
        };
    }

    private static String nonEmpty(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("empty");
        }
        return text;
    }

    /** {@code 192.0.2.1}, {@code 192.0.2.1:5353}, {@code ::1}, {@code [::1]:5353}. */
    private static InetSocketAddress server(String text) {
        int colon = text.lastIndexOf(':');
        boolean hasPort = colon > 0 && (text.charAt(colon - 1) == ']' || text.indexOf(':') == colon);
        var host = hasPort ? text.substring(0, colon) : text;
        var bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        return new InetSocketAddress(address(bare), hasPort ? Integer.parseInt(text.substring(colon + 1)) : DNS_PORT);
    }

    private static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }
}
