package org.postern.mailstore.sharing;

import java.util.Optional;
import org.postern.model.Rights;

/** What SETACL does to one entry (RFC 4314 §3.1); an entry without rights is gone. */
public record AclChange(Mode mode, Rights rights) {
    /** The sign before the letters. */
    public enum Mode {
        REPLACE,
        ADD,
        REMOVE
    }

    /** DELETEACL. */
    public static final AclChange NOTHING_LEFT = new AclChange(Mode.REPLACE, Rights.NONE);

    /** {@code mod-rights}: letters in the place of those before, or with {@code +} added, with {@code -} removed; empty where one names no right (§3.1). */
    public static Optional<AclChange> named(String letters) {
        var mode = letters.startsWith("+") ? Mode.ADD : letters.startsWith("-") ? Mode.REMOVE : Mode.REPLACE;
        return Rights.named(mode == Mode.REPLACE ? letters : letters.substring(1))
                .map(rights -> new AclChange(mode, rights));
    }

    Rights applyTo(Rights before) {
        return switch (mode) {
            case REPLACE -> rights;
            case ADD -> before.with(rights);
            case REMOVE -> before.without(rights);
        };
    }
}
