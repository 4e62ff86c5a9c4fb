package org.postern.mailstore;

/** What CREATE came to (RFC 9051 §6.3.4). */
public sealed interface CreateOutcome
        permits CreateOutcome.Created, CreateOutcome.SpecialUseTaken, AlreadyExists, TooManyFolders {
    record Created(FolderEntry folder) implements CreateOutcome {}

    /** Another folder has that special use (RFC 6154 §3 USEATTR). */
    record SpecialUseTaken() implements CreateOutcome {}
}
