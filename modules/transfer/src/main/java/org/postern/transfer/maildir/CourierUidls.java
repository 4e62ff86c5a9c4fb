package org.postern.transfer.maildir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What Courier's POP3 server calls messages, from its {@code courierpop3dsizelist}: {@code /2} or {@code /3} in the first line,
 * then {@code <name> <size> <number>:<validity>} each.
 */
final class CourierUidls {
    private static final Pattern ENTRY = Pattern.compile("(.+) [0-9]+ ([0-9]+):([0-9]+)(?::[0-9]+)?");

    private final Map<String, String> uidls;

    private CourierUidls(Map<String, String> uidls) {
        this.uidls = uidls;
    }

    static CourierUidls in(Path folder) throws IOException {
        var file = folder.resolve("courierpop3dsizelist");
        var uidls = new HashMap<String, String>();
        if (Files.isRegularFile(file)) {
            try (var in = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
                var head = in.readLine();
                boolean known = head != null && (head.startsWith("/2 ") || head.startsWith("/3 "));
                for (var line = in.readLine(); known && line != null; line = in.readLine()) {
                    var entry = ENTRY.matcher(line);
                    if (entry.matches()) {
                        var base = MaildirName.parse(entry.group(1)).base();
                        uidls.put(base, uidl(base, entry.group(2), entry.group(3)));
                    }
                }
            }
        }
        return new CourierUidls(uidls);
    }

    private static String uidl(String base, String number, String validity) {
        if (number.equals("0")) {
            return base;
        }
        return validity.equals("0") ? "UID" + number : "UID" + number + "-" + validity;
    }

    Optional<String> of(String base) {
        return Optional.ofNullable(uidls.get(base));
    }
}
