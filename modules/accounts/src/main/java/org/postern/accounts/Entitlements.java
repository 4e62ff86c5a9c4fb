package org.postern.accounts;

import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.postern.database.Database;
import org.postern.database.Row;
import org.postern.database.Tx;
import org.postern.model.AccountId;
import org.postern.model.MailboxId;
import org.postern.model.PlanName;

/** What a mailbox may do: its account's plan, with the overrides of account and mailbox applied. One round trip. */
public final class Entitlements {
    /** What holds of the overrides of account {@code a} and mailbox {@code m}: the mailbox's over the account's. */
    static final String OVERRIDDEN = "(a.overrides || m.overrides)";

    /** The same, as {@link Overrides} reads it. */
    static final String OVERRIDES =
            "ARRAY(SELECT o.key || '=' || o.value FROM jsonb_each_text(%s) o)".formatted(OVERRIDDEN);

    private static final String SELECT = """
            SELECT m.mailbox_id, a.account_id, a.plan, %s AS overrides
              FROM mailbox m JOIN account a USING (account_id)
             WHERE m.mailbox_id = ANY (?)
            """.formatted(OVERRIDES);

    private final Database database;
    private final CurrentPlans plans;

    private record Stored(MailboxId mailbox, AccountId account, PlanTerms terms) {}

    public Entitlements(Database database, CurrentPlans plans) {
        this.database = database;
        this.plans = plans;
    }

    /** The plans of now; another object after each change of the file. */
    public Plans plans() {
        return plans.all();
    }

    public PlanLookup planOf(MailboxId mailbox) {
        return database.once(tx -> planOf(tx, mailbox));
    }

    public PlanLookup planOf(Tx tx, MailboxId mailbox) throws SQLException {
        var stored = tx.first(SELECT, Entitlements::stored, new long[] {mailbox.value()});
        if (stored.isEmpty()) {
            return new PlanLookup.NoSuchMailbox();
        }
        var found = stored.get();
        try {
            return new PlanLookup.Known(found.account(), plans.all().with(found.terms()));
        } catch (IllegalArgumentException e) {
            return new PlanLookup.Unusable(found.terms().plan(), String.valueOf(e.getMessage()));
        }
    }

    /** The terms of those of the mailboxes that there are. */
    Map<MailboxId, PlanTerms> terms(Collection<MailboxId> mailboxes) {
        var ids = mailboxes.stream().mapToLong(MailboxId::value).distinct().toArray();
        return database.once(tx -> tx.list(SELECT, Entitlements::stored, ids)).stream()
                .collect(Collectors.toMap(Stored::mailbox, Stored::terms));
    }

    private static Stored stored(Row row) throws SQLException {
        return new Stored(
                new MailboxId(row.longValue(1)),
                new AccountId(row.longValue(2)),
                new PlanTerms(new PlanName(row.text(3)), Overrides.of(row.texts(4))));
    }
}
