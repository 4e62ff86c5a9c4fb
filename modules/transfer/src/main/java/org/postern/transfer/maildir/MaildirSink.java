package org.postern.transfer.maildir;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postern.model.FolderName;
import org.postern.model.Keyword;
import org.postern.model.ModifiedUtf7;
import org.postern.model.SystemFlag;
import org.postern.transfer.EmptyFolder;
import org.postern.transfer.ExportedFolder;
import org.postern.transfer.ExportedMessage;
import org.postern.transfer.FileLines;
import org.postern.transfer.MailSink;

/**
 * Writes Maildir++ as Dovecot has it: {@code .Work.2026}, names in modified UTF-7, and beside the messages
 * {@code dovecot-uidlist} with UIDs and UIDLs, {@code dovecot-keywords}, {@code subscriptions}.
 */
public final class MaildirSink implements MailSink {
    private static final int MOST_KEYWORDS = 26;

    private final Path root;
    private final List<String> subscriptions = new ArrayList<>();
    private final Set<Path> taken = new HashSet<>();
    private @Nullable Open open;

    private MaildirSink(Path root) {
        this.root = root;
    }

    /** @throws IOException when {@code path} cannot be made, or is not empty */
    public static MaildirSink at(Path path) throws IOException {
        return new MaildirSink(EmptyFolder.at(path));
    }

    @Override
    public void folder(ExportedFolder folder) throws IOException {
        finish();
        var name = written(folder.name());
        var place = folder.name().isInbox() ? root : root.resolve("." + name);
        while (!taken.add(place)) { // Only of names that differ in what Maildir cannot write.
            place = place.resolveSibling(place.getFileName() + "_");
        }
        for (var part : List.of("cur", "new", "tmp")) {
            Files.createDirectories(place.resolve(part));
        }
        if (folder.subscribed()) {
            subscriptions.add(name);
        }
        open = new Open(place, folder);
    }

    /** A dot is between levels: within one it is replaced. */
    private static String written(FolderName name) {
        return name.levels().stream()
                .map(level -> ModifiedUtf7.encode(level.replace('.', '_')))
                .collect(Collectors.joining("."));
    }

    @Override
    public void message(ExportedMessage message) throws IOException {
        if (open == null) {
            throw new IllegalStateException("no folder is open");
        }
        open.write(message);
    }

    private void finish() throws IOException {
        if (open != null) {
            open.finish();
            open = null;
        }
    }

    @Override
    public void close() throws IOException {
        finish();
        Files.write(root.resolve("subscriptions"), subscriptions, StandardCharsets.US_ASCII);
    }

    /** The folder that is written now. */
    private static final class Open {
        private final Path place;
        private final ExportedFolder folder;
        private final StringBuilder uids = new StringBuilder();
        private final List<Keyword> keywords = new ArrayList<>();

        Open(Path place, ExportedFolder folder) {
            this.place = place;
            this.folder = folder;
        }

        void write(ExportedMessage message) throws IOException {
            var base = message.date().getEpochSecond() + "." + folder.uidValidity() + "_" + message.uid() + ".postern"
                    + ",W=" + message.size();
            var file = place.resolve("cur").resolve(base + ":2," + letters(message));
            try (var out = new FileLines(new BufferedOutputStream(Files.newOutputStream(file)))) {
                message.bytes().writeTo(out);
            }
            Files.setLastModifiedTime(file, FileTime.from(message.date()));
            uids.append(message.uid())
                    .append(message.uidl().map(uidl -> " P" + uidl).orElse(""))
                    .append(" :")
                    .append(base)
                    .append('\n');
        }

        /** In the order of their letters, as Maildir wants them. */
        private String letters(ExportedMessage message) {
            var flags = message.flags();
            var letters = new StringBuilder();
            append(letters, 'D', flags.has(SystemFlag.DRAFT));
            append(letters, 'F', flags.has(SystemFlag.FLAGGED));
            append(letters, 'P', flags.has(new Keyword(MaildirName.FORWARDED)));
            append(letters, 'R', flags.has(SystemFlag.ANSWERED));
            append(letters, 'S', flags.has(SystemFlag.SEEN));
            append(letters, 'T', flags.has(SystemFlag.DELETED));
            flags.keywords().stream()
                    .filter(keyword -> !keyword.equals(new Keyword(MaildirName.FORWARDED)))
                    .flatMap(keyword -> letter(keyword).stream())
                    .sorted()
                    .forEach(letters::append);
            return letters.toString();
        }

        private static void append(StringBuilder letters, char letter, boolean has) {
            if (has) {
                letters.append(letter);
            }
        }

        /** A folder has letters for so many keywords; the others are left out. */
        private Optional<Character> letter(Keyword keyword) {
            if (!keywords.contains(keyword) && keywords.size() < MOST_KEYWORDS) {
                keywords.add(keyword);
            }
            int at = keywords.indexOf(keyword);
            return at < 0 ? Optional.empty() : Optional.of((char) ('a' + at));
        }

        void finish() throws IOException {
            var head = "3 V" + folder.uidValidity() + " N" + folder.uidNext() + "\n";
            Files.writeString(place.resolve("dovecot-uidlist"), head + uids, StandardCharsets.US_ASCII);
            if (!keywords.isEmpty()) {
                var lines = new StringBuilder();
                for (int i = 0; i < keywords.size(); i++) {
                    lines.append(i).append(' ').append(keywords.get(i)).append('\n');
                }
                Files.writeString(place.resolve("dovecot-keywords"), lines, StandardCharsets.US_ASCII);
            }
        }
    }
}
