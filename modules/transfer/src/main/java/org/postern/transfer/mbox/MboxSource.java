package org.postern.transfer.mbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.postern.model.FolderName;
import org.postern.transfer.FolderNames;
import org.postern.transfer.MailSource;
import org.postern.transfer.SourceFolder;
import org.postern.transfer.SourceGone;
import org.postern.transfer.Uidls;

/**
 * An mbox file, or a folder of them: {@code Work}, or {@code Work.mbox}, beside {@code Work.sbd/2026} (Thunderbird) or
 * {@code Work/2026} (others); {@code Work.mbox/mbox} is Apple's. What does not begin with a From line is passed over.
 */
public final class MboxSource implements MailSource {
    private static final Set<String> INBOXES = Set.of("inbox", "mbox");
    private static final List<String> OF_FILES = List.of(".mbox", ".mbx");
    private static final List<String> OF_FOLDERS = List.of(".sbd", ".mbox");

    private final Path path;
    private final FolderName single;
    private final Quoting quoting;
    private final Uidls uidls;

    /**
     * @param single the folder of a path that is one file
     * @param uidls of INBOX, by the X-UID fields of its messages
     */
    public MboxSource(Path path, FolderName single, Quoting quoting, Uidls uidls) {
        this.path = path;
        this.single = single;
        this.quoting = quoting;
        this.uidls = uidls;
    }

    @Override
    public List<SourceFolder<?>> folders() throws IOException {
        if (Files.isRegularFile(path)) {
            return List.of(new MboxFolder(path, single, quoting, uidls));
        }
        if (!Files.isDirectory(path)) {
            throw new SourceGone(path + " is neither a file nor a folder");
        }
        var folders = new ArrayList<SourceFolder<?>>();
        below(path, List.of(), folders);
        if (folders.isEmpty()) {
            throw new SourceGone(path + " has no mbox file");
        }
        return folders;
    }

    private void below(Path folder, List<String> above, List<SourceFolder<?>> folders) throws IOException {
        List<Path> entries;
        try (var all = Files.list(folder)) {
            entries = all.filter(each -> !each.getFileName().toString().startsWith("."))
                    .sorted(Comparator.comparing(each -> each.getFileName().toString()))
                    .toList();
        }
        for (var each : entries) {
            var text = each.getFileName().toString();
            if (Files.isDirectory(each) && above.size() < FolderName.MAX_LEVELS) {
                below(each, deeper(above, stripped(text, OF_FOLDERS)), folders);
            } else if (isMbox(each)) {
                boolean apple = text.equals("mbox") && folder.toString().endsWith(".mbox");
                var levels = apple ? above : deeper(above, stripped(text, OF_FILES));
                folders.add(new MboxFolder(each, name(levels), quoting, uidls));
            }
        }
    }

    private static FolderName name(List<String> levels) {
        return levels.size() == 1 && INBOXES.contains(levels.getFirst().toLowerCase(Locale.ROOT))
                ? FolderName.INBOX
                : FolderNames.of(levels.stream().map(FolderNames::decoded).toList());
    }

    private static List<String> deeper(List<String> above, String level) {
        var levels = new ArrayList<>(above);
        levels.add(level);
        return levels;
    }

    private static String stripped(String text, List<String> endings) {
        return endings.stream()
                .filter(ending -> text.length() > ending.length()
                        && text.toLowerCase(Locale.ROOT).endsWith(ending))
                .findFirst()
                .map(ending -> text.substring(0, text.length() - ending.length()))
                .orElse(text);
    }

    /** An empty file is an empty folder. */
    private static boolean isMbox(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (var in = Files.newInputStream(file)) {
            var first = new String(in.readNBytes("From ".length()), StandardCharsets.ISO_8859_1);
            return first.isEmpty() || first.equals("From ");
        }
    }

    @Override
    public void close() {}
}
