package org.postern.mailstore;

/** A folder of that name exists (RFC 5530 §3 ALREADYEXISTS). */
public record AlreadyExists() implements CreateOutcome, RenameOutcome {}
