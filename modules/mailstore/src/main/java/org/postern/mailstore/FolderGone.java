package org.postern.mailstore;

/** The folder that the session has selected was deleted meanwhile. */
public record FolderGone() implements CopyOutcome, MoveOutcome, ReplaceOutcome, StoreOutcome, ExpungeOutcome {}
