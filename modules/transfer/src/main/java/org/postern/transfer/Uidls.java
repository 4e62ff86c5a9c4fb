package org.postern.transfer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Whence the UIDLs of an INBOX's messages are known, beside what its files say: a table, a format, or nothing. */
public final class Uidls {
    /** Nothing but what the source itself says. */
    public static final Uidls NONE = new Uidls(Map.of(), Optional.empty());

    private final Map<Long, String> byUid;
    private final Optional<UidlFormat> format;

    private Uidls(Map<Long, String> byUid, Optional<UidlFormat> format) {
        this.byUid = byUid;
        this.format = format;
    }

    public static Uidls madeAs(UidlFormat format) {
        return new Uidls(Map.of(), Optional.of(format));
    }

    /**
     * Reads lines of {@code UID UIDL}.
     *
     * @throws IllegalArgumentException when a line is none
     */
    public static Uidls listedIn(Path file) throws IOException {
        var byUid = new HashMap<Long, String>();
        int number = 0;
        for (var line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
            number++;
            var words = line.strip().split("\\s+", -1);
            if (line.isBlank()) {
                continue;
            }
            if (words.length != 2 || !words[0].matches("[0-9]{1,10}")) {
                throw new IllegalArgumentException(file + ":" + number + ": a line is UID UIDL");
            }
            byUid.put(Long.parseLong(words[0]), words[1]);
        }
        return new Uidls(byUid, Optional.empty());
    }

    /**
     * The UIDL of one message, if it is known.
     *
     * @param uidValidity 0: not known
     * @param uid 0: not known
     * @param file of a Maildir; empty: none
     */
    public Optional<String> of(long uidValidity, long uid, String file) {
        return Optional.ofNullable(byUid.get(uid)).or(() -> format.flatMap(each -> each.of(uidValidity, uid, file)));
    }
}
