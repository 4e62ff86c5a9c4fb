package org.postern.model;

/** What becomes of a message that exceeds a sending limit which time will clear. */
public enum AtLimit {
    /** A temporary refusal: the mail app, or its server, tries again by itself. */
    DEFER,
    /** A permanent refusal: the person is told at once. */
    REFUSE
}
