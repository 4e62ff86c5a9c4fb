package org.postern.mailstore;

/** None of the UIDs is in the folder any more; this is no error (RFC 9051 §6.4.9). */
public record NothingMatched() implements CopyOutcome, MoveOutcome, ReplaceOutcome {}
