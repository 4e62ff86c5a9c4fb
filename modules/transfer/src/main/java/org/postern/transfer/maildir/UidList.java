package org.postern.transfer.maildir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The UIDs of a Maildir's messages: Dovecot's {@code dovecot-uidlist} in its versions 1 and 3, or Courier's
 * {@code courierimapuiddb}, which looks like version 1.
 */
final class UidList {
    private static final UidList NONE = new UidList(OptionalLong.empty(), Map.of());

    private final OptionalLong uidValidity;
    private final Map<String, Entry> entries;

    /** @param uidl where the folder has a UIDL of its own for it */
    record Entry(long uid, Optional<String> uidl) {}

    private UidList(OptionalLong uidValidity, Map<String, Entry> entries) {
        this.uidValidity = uidValidity;
        this.entries = entries;
    }

    /** An empty one where there is none that can be read. */
    static UidList in(Path folder) throws IOException {
        for (var name : new String[] {"dovecot-uidlist", "courierimapuiddb"}) {
            var file = folder.resolve(name);
            if (Files.isRegularFile(file)) {
                return read(file);
            }
        }
        return NONE;
    }

    private static UidList read(Path file) throws IOException {
        try (var in = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            var head = in.readLine();
            var validity = head == null ? OptionalLong.empty() : uidValidity(head);
            if (validity.isEmpty()) {
                return NONE;
            }
            var entries = new HashMap<String, Entry>();
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                entry(line, head.startsWith("3 "), entries);
            }
            return new UidList(validity, entries);
        }
    }

    /** {@code 3 V<validity> N<next> G<guid>}, or {@code 1 <validity> <next>}. */
    private static OptionalLong uidValidity(String head) {
        var words = head.split(" ", -1);
        for (int i = 1; i < words.length; i++) {
            var number = words[0].equals("3") ? words[i].startsWith("V") ? words[i].substring(1) : "" : words[1];
            if (number.matches("[0-9]{1,10}")) {
                return OptionalLong.of(Long.parseLong(number));
            }
        }
        return OptionalLong.empty();
    }

    /** {@code <uid> [<letter><value> …] :<name>}, or {@code <uid> <name>}; what is damaged has no UID. */
    private static void entry(String line, boolean fields, Map<String, Entry> entries) {
        int space = line.indexOf(' ');
        if (space < 1 || !line.substring(0, space).matches("[0-9]{1,10}")) {
            return;
        }
        long uid = Long.parseLong(line.substring(0, space));
        if (!fields) {
            entries.put(MaildirName.parse(line.substring(space + 1)).base(), new Entry(uid, Optional.empty()));
            return;
        }
        int colon = line.indexOf(" :", space);
        if (colon < 0) {
            return;
        }
        var uidl = Optional.<String>empty();
        for (var field : line.substring(space, colon).split(" ", -1)) {
            if (field.startsWith("P")) {
                uidl = Optional.of(field.substring(1));
            }
        }
        entries.put(MaildirName.parse(line.substring(colon + 2)).base(), new Entry(uid, uidl));
    }

    OptionalLong uidValidity() {
        return uidValidity;
    }

    Optional<Entry> of(String base) {
        return Optional.ofNullable(entries.get(base));
    }
}
