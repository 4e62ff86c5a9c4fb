package org.postern.mailstore.sharing;

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

    Rights applyTo(Rights before) {
        return switch (mode) {
            case REPLACE -> rights;
            case ADD -> before.with(rights);
            case REMOVE -> before.without(rights);
        };
    }
}
