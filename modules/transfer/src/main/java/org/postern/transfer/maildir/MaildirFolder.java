package org.postern.transfer.maildir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.postern.mailstore.ImportKey;
import org.postern.model.FolderName;
import org.postern.model.UidValidity;
import org.postern.transfer.FolderFacts;
import org.postern.transfer.MessageFacts;
import org.postern.transfer.SourceFolder;
import org.postern.transfer.Uidls;

/** One folder of a Maildir: {@code new/} and {@code cur/}, and Dovecot's and Courier's files beside them. */
final class MaildirFolder implements SourceFolder<MaildirMessage> {
    private static final int BATCH = 500;
    private static final long NO_UID = Long.MAX_VALUE;

    private final Path folder;
    private final FolderName name;
    private final UidList uids;
    private final CourierUidls courier;
    private final Uidls uidls;
    private final FolderFacts facts;

    MaildirFolder(Path folder, FolderName name, boolean subscribed, Uidls uidls) throws IOException {
        this.folder = folder;
        this.name = name;
        this.uids = UidList.in(folder);
        this.courier = CourierUidls.in(folder);
        this.uidls = uidls;
        long count = 0;
        for (var place : List.of("new", "cur")) {
            count += files(place).size();
        }
        var validity = uids.uidValidity().isPresent() && uids.uidValidity().getAsLong() > 0
                ? Optional.of(new UidValidity(uids.uidValidity().getAsLong() & 0xFFFF_FFFFL))
                : Optional.<UidValidity>empty();
        this.facts = new FolderFacts(name, Optional.empty(), subscribed, validity, OptionalLong.of(count));
    }

    @Override
    public FolderFacts facts() {
        return facts;
    }

    private record Found(Path file, MaildirName name, long uid) {}

    /** By UID; what has none comes behind, by the name, which begins with the time it came. */
    @Override
    public void list(Taker<MaildirMessage> taker) throws IOException {
        var found = new ArrayList<Found>();
        for (var place : List.of("new", "cur")) {
            for (var file : files(place)) {
                var parsed = MaildirName.parse(file);
                long uid = uids.of(parsed.base()).map(UidList.Entry::uid).orElse(NO_UID);
                found.add(new Found(folder.resolve(place).resolve(file), parsed, uid));
            }
        }
        found.sort(Comparator.comparingLong(Found::uid).thenComparing(each -> each.name.base()));
        var keywords = keywords();
        var batch = new ArrayList<MaildirMessage>();
        for (var each : found) {
            message(each, keywords).ifPresent(batch::add);
            if (batch.size() == BATCH) {
                if (!taker.take(List.copyOf(batch))) {
                    return;
                }
                batch.clear();
            }
        }
        if (!batch.isEmpty()) {
            taker.take(batch);
        }
    }

    private List<String> files(String place) throws IOException {
        var names = new ArrayList<String>();
        try (var files = Files.newDirectoryStream(folder.resolve(place))) {
            for (var file : files) {
                var text = file.getFileName().toString();
                if (!text.startsWith(".")) {
                    names.add(text);
                }
            }
        } catch (NoSuchFileException e) {
            return List.of(); // Some servers make cur/ and new/ when they need them.
        }
        return names;
    }

    /** Empty where the file is gone since. */
    private Optional<MaildirMessage> message(Found found, Map<Character, String> keywords) throws IOException {
        BasicFileAttributes file;
        try {
            file = Files.readAttributes(found.file, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        if (!file.isRegularFile()) {
            return Optional.empty();
        }
        var base = found.name.base();
        var listed = uids.of(base);
        long uid = listed.map(UidList.Entry::uid).orElse(0L);
        var uidl = listed.flatMap(UidList.Entry::uidl)
                .or(() -> courier.of(base))
                .or(() -> name.isInbox() ? uidls.of(uids.uidValidity().orElse(0), uid, base) : Optional.empty());
        return Optional.of(new MaildirMessage(
                new MessageFacts(
                        found.file.getFileName().toString(),
                        ImportKey.of("maildir", name.value(), base, Long.toString(file.size())),
                        found.name.flags(keywords),
                        file.lastModifiedTime().toInstant(),
                        file.size(),
                        uid == 0 ? OptionalLong.empty() : OptionalLong.of(uid),
                        uidl),
                found.file));
    }

    /** Dovecot's {@code dovecot-keywords}: lines of {@code <number> <keyword>}, 0 being the letter a. */
    private Map<Character, String> keywords() throws IOException {
        var keywords = new HashMap<Character, String>();
        var file = folder.resolve("dovecot-keywords");
        if (Files.isRegularFile(file)) {
            for (var line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                var words = line.split(" ", 2);
                if (words.length == 2 && words[0].matches("1?[0-9]|2[0-5]")) {
                    keywords.put((char) ('a' + Integer.parseInt(words[0])), words[1]);
                }
            }
        }
        return keywords;
    }
}
