package org.postern.imap.command;

/** A STATUS data item (RFC 3501 §6.3.10; SIZE: RFC 8438; HIGHESTMODSEQ: RFC 7162 §3.1.7; APPENDLIMIT: RFC 7889 §3.3). */
public enum StatusItem {
    MESSAGES,
    RECENT,
    UIDNEXT,
    UIDVALIDITY,
    UNSEEN,
    SIZE,
    HIGHESTMODSEQ,
    APPENDLIMIT
}
