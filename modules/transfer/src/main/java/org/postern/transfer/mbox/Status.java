package org.postern.transfer.mbox;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import org.postern.mime.Headers;
import org.postern.model.Flags;
import org.postern.model.SystemFlag;
import org.postern.transfer.SourceFlags;

/** What an mbox says of a message in header fields that are no part of the message. */
final class Status {
    /** In lower case. X-Mozilla: Thunderbird. */
    static final Set<String> FIELDS = Set.of(
            "status",
            "x-status",
            "x-keywords",
            "x-uid",
            "x-imap",
            "x-imapbase",
            "content-length",
            "x-mozilla-status",
            "x-mozilla-status2",
            "x-mozilla-keys");

    private static final int MOZILLA_READ = 0x1;
    private static final int MOZILLA_REPLIED = 0x2;
    private static final int MOZILLA_MARKED = 0x4;
    private static final int MOZILLA_EXPUNGED = 0x8;
    private static final int MOZILLA_FORWARDED = 0x1000;

    private final Headers headers;

    Status(byte[] header) {
        this.headers = Headers.of(header);
    }

    private String value(String name) {
        return headers.values(name).stream().findFirst().orElse("").strip();
    }

    Flags flags() {
        var status = value("Status") + value("X-Status");
        var keywords = new ArrayList<>(List.of(value("X-Keywords").split("\\s+")));
        keywords.addAll(List.of(value("X-Mozilla-Keys").split("\\s+")));
        int bits = bit(status, 'R', SystemFlag.SEEN)
                | bit(status, 'A', SystemFlag.ANSWERED)
                | bit(status, 'F', SystemFlag.FLAGGED)
                | bit(status, 'D', SystemFlag.DELETED)
                | bit(status, 'T', SystemFlag.DRAFT);
        int mozilla = mozilla();
        bits |= (mozilla & MOZILLA_READ) == 0 ? 0 : SystemFlag.SEEN.bit();
        bits |= (mozilla & MOZILLA_REPLIED) == 0 ? 0 : SystemFlag.ANSWERED.bit();
        bits |= (mozilla & MOZILLA_MARKED) == 0 ? 0 : SystemFlag.FLAGGED.bit();
        if ((mozilla & MOZILLA_FORWARDED) != 0) {
            keywords.add("$Forwarded");
        }
        return SourceFlags.of(bits, keywords);
    }

    private static int bit(String status, char letter, SystemFlag flag) {
        return status.indexOf(letter) < 0 ? 0 : flag.bit();
    }

    private int mozilla() {
        var value = value("X-Mozilla-Status");
        return value.matches("[0-9A-Fa-f]{1,8}") ? (int) Long.parseLong(value, 16) : 0;
    }

    /** Whether the person has deleted it, and only the file still has it. */
    boolean isExpunged() {
        return (mozilla() & MOZILLA_EXPUNGED) != 0;
    }

    /** Whether it is no message but what c-client and Dovecot keep of the folder at its beginning. */
    boolean isFolderData() {
        return !value("X-IMAP").isEmpty()
                && value("Subject").toLowerCase(Locale.ROOT).startsWith("don't delete this message");
    }

    OptionalLong uid() {
        return number(value("X-UID"));
    }

    /** Of the folder, in its first message. */
    OptionalLong uidValidity() {
        var base = value("X-IMAPbase").isEmpty() ? value("X-IMAP") : value("X-IMAPbase");
        return number(base.split("\\s+", 2)[0]);
    }

    OptionalLong contentLength() {
        return number(value("Content-Length"));
    }

    private static OptionalLong number(String text) {
        return text.matches("[0-9]{1,10}") && Long.parseLong(text) > 0
                ? OptionalLong.of(Long.parseLong(text))
                : OptionalLong.empty();
    }

    /** The fields for a message that is written; each ends with LF. */
    static byte[] written(Flags flags, long uid, OptionalLong uidValidity, long uidNext) {
        var text = new StringBuilder();
        uidValidity.ifPresent(validity -> text.append("X-IMAPbase: ")
                .append(validity)
                .append(' ')
                .append(uidNext - 1)
                .append('\n'));
        text.append("X-UID: ").append(uid).append('\n');
        text.append("Status: ").append(flags.has(SystemFlag.SEEN) ? "RO" : "O").append('\n');
        var more = letter(flags, SystemFlag.ANSWERED, "A")
                + letter(flags, SystemFlag.DELETED, "D")
                + letter(flags, SystemFlag.FLAGGED, "F")
                + letter(flags, SystemFlag.DRAFT, "T");
        if (!more.isEmpty()) {
            text.append("X-Status: ").append(more).append('\n');
        }
        if (!flags.keywords().isEmpty()) {
            text.append("X-Keywords:");
            flags.keywords().forEach(keyword -> text.append(' ').append(keyword));
            text.append('\n');
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static String letter(Flags flags, SystemFlag flag, String letter) {
        return flags.has(flag) ? letter : "";
    }
}
