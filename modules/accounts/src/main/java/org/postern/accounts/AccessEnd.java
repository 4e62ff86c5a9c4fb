package org.postern.accounts;

import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import org.postern.database.Tx;
import org.postern.model.MailboxId;
import org.postern.model.Protocol;
import org.postern.model.Refusal;

/** What nodes tell one another: the live connections of something are to end. */
record AccessEnd(Kind kind, long id) {
    /** A channel's name has 63 bytes at most. */
    private static final int MAX_CELL = 50;

    enum Kind {
        TOKEN,
        MAILBOX,
        ACCOUNT,
        CONNECTION,
        /** A connection that leaves its slot to a newer one. */
        REPLACED,
        /** Those of a mailbox over one protocol. */
        IMAP,
        POP3,
        SMTP
    }

    static AccessEnd of(MailboxId mailbox, Protocol protocol) {
        var kind = switch (protocol) {
            case IMAP -> Kind.IMAP;
            case POP3 -> Kind.POP3;
            case SMTP -> Kind.SMTP;
        };
        return new AccessEnd(kind, mailbox.value());
    }

    /** Channels belong to the whole database, so the cell is part of the name. */
    static String channel(String cell) {
        var name = cell.length() <= MAX_CELL ? cell : Integer.toHexString(cell.hashCode());
        return "access_ended_" + name;
    }

    /** Tells all nodes when the transaction commits. Never in a transaction that writes mail: NOTIFY locks globally. */
    void publish(Tx tx, String cell) throws SQLException {
        tx.call("SELECT pg_notify(?, ?)", channel(cell), payload());
    }

    String payload() {
        return kind.name().toLowerCase(Locale.ROOT) + ' ' + id;
    }

    static Optional<AccessEnd> parse(String payload) {
        int space = payload.indexOf(' ');
        if (space < 1) {
            return Optional.empty();
        }
        try {
            var kind = Kind.valueOf(payload.substring(0, space).toUpperCase(Locale.ROOT));
            return Optional.of(new AccessEnd(kind, Long.parseLong(payload.substring(space + 1))));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // From a newer node, perhaps; the caller logs it.
        }
    }

    boolean ends(Access access) {
        return switch (kind) {
            case TOKEN -> access.token().value() == id;
            case MAILBOX -> access.mailbox().value() == id;
            case ACCOUNT -> access.account().value() == id;
            case CONNECTION, REPLACED -> access.id().value() == id;
            case IMAP -> isOf(access, Protocol.IMAP);
            case POP3 -> isOf(access, Protocol.POP3);
            case SMTP -> isOf(access, Protocol.SMTP);
        };
    }

    private boolean isOf(Access access, Protocol protocol) {
        return access.protocol() == protocol && access.mailbox().value() == id;
    }

    /** What the sessions that end are told. */
    Refusal why() {
        return kind == Kind.REPLACED ? new Refusal.Replaced() : new Refusal.AccessEnded();
    }
}
