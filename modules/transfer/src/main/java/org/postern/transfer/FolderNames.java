package org.postern.transfer;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.postern.model.FolderName;
import org.postern.model.ModifiedUtf7;

/** Names of folders as other servers and file systems write them, made ours. */
public final class FolderNames {
    private static final char REPLACEMENT = '_';

    private FolderNames() {}

    /** Modified UTF-7 where it is that (RFC 3501 §5.1.3), else as it stands: some servers write UTF-8. */
    public static String decoded(String level) {
        return ModifiedUtf7.decode(level).orElse(level);
    }

    /** The folder at the end of {@code levels}; what a name of ours cannot have is replaced. */
    public static FolderName of(List<String> levels) {
        var name = levels.stream().map(FolderNames::level).collect(Collectors.joining("/"));
        return FolderName.problemOf(name).isEmpty() ? new FolderName(name) : shortened(name);
    }

    private static String level(String level) {
        var text = new StringBuilder();
        level.codePoints()
                .map(c -> c == FolderName.SEPARATOR
                                || FolderName.problemOf(Character.toString(c)).isPresent()
                        ? REPLACEMENT
                        : c)
                .forEach(text::appendCodePoint);
        return text.isEmpty() ? Character.toString(REPLACEMENT) : text.toString();
    }

    /** Too long or too deep: flat, its end kept, which tells it best from its neighbours. */
    private static FolderName shortened(String name) {
        var flat = name.replace(FolderName.SEPARATOR, REPLACEMENT);
        int from = flat.length();
        int bytes = 0;
        while (from > 0) {
            int c = flat.codePointBefore(from);
            bytes += Character.toString(c).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > FolderName.MAX_LEVEL_BYTES) {
                break;
            }
            from -= Character.charCount(c);
        }
        return new FolderName(flat.substring(from));
    }
}
