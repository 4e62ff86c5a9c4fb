package org.postern.mailstore;

/** Why a folder took no message, whatever command would have put one there. */
public sealed interface NotStored extends AppendOutcome, CopyOutcome, MoveOutcome, ReplaceOutcome
        permits NoSuchFolder, OverQuota, TooManyKeywords, UidsExhausted {}
