package org.postern.transfer.maildir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postern.model.FolderName;
import org.postern.transfer.FolderNames;
import org.postern.transfer.MailSource;
import org.postern.transfer.SourceFolder;
import org.postern.transfer.SourceGone;
import org.postern.transfer.Uidls;

/**
 * A Maildir with its folders: {@code .Work.2026} beside {@code cur/} (Maildir++, as Courier and Dovecot have it), or
 * {@code Work/2026/} (Dovecot's {@code LAYOUT=fs}, mbsync). Its own messages are INBOX.
 */
public final class MaildirSource implements MailSource {
    private static final Set<String> PARTS = Set.of("cur", "new", "tmp");

    private final Path root;
    private final Uidls uidls;

    /** @param uidls of INBOX, where the Maildir itself does not say them */
    public MaildirSource(Path root, Uidls uidls) {
        this.root = root;
        this.uidls = uidls;
    }

    @Override
    public List<SourceFolder<?>> folders() throws IOException {
        if (!Files.isDirectory(root)) {
            throw new SourceGone(root + " is no folder");
        }
        var subscriptions = subscriptions();
        var folders = new ArrayList<SourceFolder<?>>();
        if (isMaildir(root)) {
            folders.add(new MaildirFolder(root, FolderName.INBOX, true, uidls));
        }
        for (var each : below(root)) {
            var text = each.getFileName().toString();
            if (text.startsWith(".")) {
                if (isMaildir(each)) {
                    var levels = List.of(text.substring(1).split("\\.", -1));
                    folders.add(folder(each, levels, subscriptions));
                }
            } else if (!PARTS.contains(text)) {
                nested(each, List.of(text), subscriptions, folders);
            }
        }
        if (folders.isEmpty()) {
            throw new SourceGone(root + " has no Maildir: neither cur/ nor a folder with one");
        }
        return folders;
    }

    private void nested(
            Path folder, List<String> levels, Optional<Set<FolderName>> subscriptions, List<SourceFolder<?>> folders)
            throws IOException {
        if (isMaildir(folder)) {
            folders.add(folder(folder, levels, subscriptions));
        }
        if (levels.size() == FolderName.MAX_LEVELS) {
            return;
        }
        for (var each : below(folder)) {
            var text = each.getFileName().toString();
            if (!text.startsWith(".") && !PARTS.contains(text)) {
                var deeper = new ArrayList<>(levels);
                deeper.add(text);
                nested(each, deeper, subscriptions, folders);
            }
        }
    }

    private MaildirFolder folder(Path folder, List<String> levels, Optional<Set<FolderName>> subscriptions)
            throws IOException {
        var name = FolderNames.of(levels.stream().map(FolderNames::decoded).toList());
        boolean subscribed = subscriptions.map(names -> names.contains(name)).orElse(true);
        return new MaildirFolder(folder, name, subscribed, uidls);
    }

    private static boolean isMaildir(Path folder) {
        return Files.isDirectory(folder.resolve("cur")) || Files.isDirectory(folder.resolve("new"));
    }

    private static List<Path> below(Path folder) throws IOException {
        try (var all = Files.list(folder)) {
            return all.filter(Files::isDirectory)
                    .sorted(Comparator.comparing(each -> each.getFileName().toString()))
                    .toList();
        }
    }

    /** Empty where nobody says: then all are. */
    private Optional<Set<FolderName>> subscriptions() throws IOException {
        for (var file : List.of(root.resolve("subscriptions"), root.resolve("courierimapsubscribed"))) {
            if (Files.isRegularFile(file)) {
                var names = new HashSet<FolderName>();
                new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                        .lines()
                        .forEach(line -> subscribed(line).ifPresent(names::add));
                return Optional.of(names);
            }
        }
        return Optional.empty();
    }

    /** Dovecot's version 2 joins levels with tabs, all others with dots or slashes; Courier has all below INBOX. */
    private static Optional<FolderName> subscribed(String line) {
        if (line.isBlank() || line.startsWith("V\t")) {
            return Optional.empty();
        }
        var levels = new ArrayList<>(List.of(line.split(line.contains("\t") ? "\t" : "[./]", -1)));
        if (levels.size() > 1 && levels.getFirst().equalsIgnoreCase("INBOX")) {
            levels.removeFirst();
        }
        return Optional.of(
                FolderNames.of(levels.stream().map(FolderNames::decoded).toList()));
    }

    @Override
    public void close() {}
}
