package org.postern.mailstore;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.postern.model.FolderName;
import org.postern.model.SpecialUse;

/**
 * The special use of folders that a mail app has named in its own language and marked with nothing: only where no folder of the
 * mailbox has that use, and one alone has such a name.
 */
public final class SpecialUseNames {
    private static final String TABLE = "special-use-names.properties";
    private static final Map<String, SpecialUse> USES = read();
    private static final Set<SpecialUse> NAMED = Set.copyOf(USES.values());

    private SpecialUseNames() {}

    /** @param folders all of one mailbox, in any order */
    static List<FolderEntry> completed(List<FolderEntry> folders) {
        var missing = EnumSet.copyOf(NAMED);
        folders.forEach(folder -> folder.use().ifPresent(missing::remove));
        if (missing.isEmpty()) {
            return folders; // As in most mailboxes.
        }
        var candidates = new EnumMap<SpecialUse, FolderEntry>(SpecialUse.class);
        Set<SpecialUse> ambiguous = new HashSet<>();
        for (var folder : folders) {
            var use =
                    folder.use().isEmpty() ? of(folder.name()).filter(missing::contains) : Optional.<SpecialUse>empty();
            if (use.isPresent() && candidates.put(use.get(), folder) != null) {
                ambiguous.add(use.get());
            }
        }
        candidates.keySet().removeAll(ambiguous);
        return candidates.isEmpty()
                ? folders
                : folders.stream()
                        .map(folder -> of(folder.name())
                                .filter(use -> folder.equals(candidates.get(use)))
                                .map(folder::withUse)
                                .orElse(folder))
                        .toList();
    }

    /** What the name alone says; it says something at the top, and right below INBOX, where some apps put such folders. */
    public static Optional<SpecialUse> of(FolderName name) {
        var levels = name.levels();
        boolean near =
                levels.size() == 1 || (levels.size() == 2 && levels.getFirst().equals("INBOX"));
        return near ? Optional.ofNullable(USES.get(folded(levels.getLast()))) : Optional.empty();
    }

    private static String folded(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }

    private static Map<String, SpecialUse> read() {
        var table = new Properties();
        try (var in = new InputStreamReader(
                Objects.requireNonNull(SpecialUseNames.class.getResourceAsStream(TABLE), TABLE),
                StandardCharsets.UTF_8)) {
            table.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var uses = new HashMap<String, SpecialUse>();
        for (var use : table.stringPropertyNames()) {
            for (var name : table.getProperty(use).split(",", -1)) {
                var before = uses.put(folded(name.strip()), SpecialUse.valueOf(use.toUpperCase(Locale.ROOT)));
                if (before != null) {
                    throw new IllegalStateException("a name is there twice: " + name.strip());
                }
            }
        }
        return Map.copyOf(uses);
    }
}
