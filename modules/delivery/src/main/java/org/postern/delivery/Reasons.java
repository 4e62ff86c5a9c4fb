package org.postern.delivery;

/** Why a local recipient still waits, as {@code queue_recipient.last_reply} keeps it: an SMTP reply (RFC 3463). */
final class Reasons {
    static final String BUSY = "451 4.2.0 The folder is in use";
    static final String FULL = "452 4.2.2 The mailbox is full";
    static final String NO_FOLDER = "450 4.2.1 The mailbox takes no mail now";
    static final String FAILED = "451 4.3.0 The delivery failed; see the log";
    static final String EXPIRED_STATUS = "5.4.7";
    static final String FORWARDED = "250 2.1.5 Forwarded";
    static final String DELIVERED = "250 2.0.0 Delivered";
    static final String DELIVERED_STATUS = "2.0.0";

    private Reasons() {}
}
