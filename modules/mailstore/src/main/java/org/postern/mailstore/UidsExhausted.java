package org.postern.mailstore;

/** Nothing was stored: the folder has used up its 4,294,967,295 UIDs; its messages must move to a new folder. */
public record UidsExhausted() implements NotStored {}
