package org.postern.imap.command;

/** How THREAD finds what belongs together (RFC 5256 §3). */
public enum ThreadAlgorithm {
    /** By base subject alone. */
    ORDEREDSUBJECT,
    /** By References, In-Reply-To, and then by base subject. */
    REFERENCES
}
