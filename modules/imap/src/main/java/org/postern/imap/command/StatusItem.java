package org.postern.imap.command;

/** A STATUS data item, an underscore for its dash (RFC 3501 §6.3.10; DELETED: RFC 9051 §6.3.11; DELETED-STORAGE: RFC 9208 §4.1.4; SIZE: RFC 8438; HIGHESTMODSEQ: RFC 7162 §3.1.7; MAILBOXID: RFC 8474 §4.3; APPENDLIMIT: RFC 7889 §3.3). */
public enum StatusItem {
    MESSAGES,
    RECENT,
    UIDNEXT,
    UIDVALIDITY,
    UNSEEN,
    DELETED,
    DELETED_STORAGE,
    SIZE,
    HIGHESTMODSEQ,
    MAILBOXID,
    APPENDLIMIT
}
