package org.postern.mailstore.sharing;

/** What SETACL came to. */
public sealed interface AclOutcome {
    record Changed() implements AclOutcome {}

    /** Deleted meanwhile. */
    record NoFolder() implements AclOutcome {}

    record TooManyEntries(int max) implements AclOutcome {}
}
