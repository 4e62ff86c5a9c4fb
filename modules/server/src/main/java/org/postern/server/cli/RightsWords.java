package org.postern.server.cli;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.postern.mailstore.sharing.AclChange;
import org.postern.model.Right;
import org.postern.model.Rights;

/** Words for the sets of rights that folders are commonly shared with. */
final class RightsWords {
    static final String ALLOWED = "none, read, write, full, or letters among " + Rights.ALL + ", + or - before them";

    /** {@code \Seen} is the folder's: without that right a mail app shows what is read as unread. */
    private static final Rights READ = Rights.of(Right.LOOKUP, Right.READ, Right.SEEN);
    /** All that concerns messages, nothing that concerns the folder itself. */
    private static final Rights WRITE =
            READ.with(Rights.of(Right.WRITE, Right.INSERT, Right.MARK_DELETED, Right.EXPUNGE));

    private static final Map<String, Rights> RIGHTS =
            Map.of("none", Rights.NONE, "read", READ, "write", WRITE, "full", Rights.ALL);

    private RightsWords() {}

    /** A word, or what SETACL takes; words win, though their letters name rights too. */
    static Optional<AclChange> parse(String text) {
        return Optional.ofNullable(RIGHTS.get(text.toLowerCase(Locale.ROOT)))
                .map(rights -> new AclChange(AclChange.Mode.REPLACE, rights))
                .or(() -> AclChange.named(text));
    }

    /** The word for exactly these, if there is one. */
    static Optional<String> of(Rights rights) {
        return RIGHTS.entrySet().stream()
                .filter(word -> word.getValue().equals(rights))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
