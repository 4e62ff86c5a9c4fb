package org.postern.accounts;

import java.sql.SQLException;
import java.util.Optional;
import org.postern.accounts.PlanOverride.Kind;
import org.postern.database.Tx;

/** What nodes tell one another: an account's plan, or what an account or a mailbox has different from it, has changed. */
record PlanChange(Kind kind, long id) {
    static String channel(String cell) {
        return AccessEnd.channel(cell).replace("access_ended", "plan_changed");
    }

    /** Tells all nodes when the transaction commits. */
    void publish(Tx tx, String cell) throws SQLException {
        tx.call("SELECT pg_notify(?, ?)", channel(cell), kind.lowerCase() + ' ' + id);
    }

    static Optional<PlanChange> parse(String payload) {
        int space = payload.indexOf(' ');
        try {
            var kind = Kind.of(payload.substring(0, Math.max(0, space)));
            return Optional.of(new PlanChange(kind, Long.parseLong(payload.substring(space + 1))));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // From a newer node, perhaps; the caller logs it.
        }
    }

    boolean concerns(Access access) {
        return switch (kind) {
            case ACCOUNT -> access.account().value() == id;
            case MAILBOX -> access.mailbox().value() == id;
        };
    }
}
