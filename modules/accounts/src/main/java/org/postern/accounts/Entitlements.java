package org.postern.accounts;

import java.sql.SQLException;
import org.postern.database.Database;
import org.postern.database.Tx;
import org.postern.model.AccountId;
import org.postern.model.MailboxId;
import org.postern.model.PlanName;

/** What a mailbox may do: its account's plan, with the overrides of account and mailbox applied. One round trip. */
public final class Entitlements {
    /** The overrides of account {@code a} and mailbox {@code m}, the mailbox's last, as {@link Overrides} reads them. */
    static final String OVERRIDES = """
            ARRAY(SELECT o.setting || '=' || (o.value #>> '{}')
                    FROM plan_override o
                   WHERE (o.subject_kind, o.subject_id) IN (('account', a.account_id), ('mailbox', m.mailbox_id))
                   ORDER BY o.subject_kind, o.setting)""";

    private final Database database;
    private final CurrentPlans plans;

    private record Stored(AccountId account, PlanName plan, Overrides overrides) {}

    public Entitlements(Database database, CurrentPlans plans) {
        this.database = database;
        this.plans = plans;
    }

    public PlanLookup planOf(MailboxId mailbox) {
        return database.once(tx -> planOf(tx, mailbox));
    }

    public PlanLookup planOf(Tx tx, MailboxId mailbox) throws SQLException {
        var stored = tx.first(
                """
                SELECT a.account_id, a.plan, %s AS overrides
                  FROM mailbox m JOIN account a USING (account_id)
                 WHERE m.mailbox_id = ?
                """.formatted(OVERRIDES),
                row -> new Stored(
                        new AccountId(row.longValue(1)), new PlanName(row.text(2)), Overrides.of(row.texts(3))),
                mailbox.value());
        if (stored.isEmpty()) {
            return new PlanLookup.NoSuchMailbox();
        }
        var found = stored.get();
        try {
            return new PlanLookup.Known(found.account(), plans.all().with(found.plan(), found.overrides()));
        } catch (IllegalArgumentException e) {
            return new PlanLookup.Unusable(found.plan(), String.valueOf(e.getMessage()));
        }
    }
}
