package org.postern.accounts;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.accounts.PlanOverride.Kind;
import org.postern.database.Database;
import org.postern.database.Row;
import org.postern.database.RowReader;
import org.postern.database.Tx;
import org.postern.model.AccountId;
import org.postern.model.PlanName;

/** What accounts and mailboxes have different from their plans, for administrators. Live sessions follow at once. */
public final class PlanOverrides {
    /** The most that one account or mailbox may have. */
    public static final int MAX = 64;

    private static final RowReader<PlanOverride> OVERRIDE = PlanOverrides::override;
    private static final String SELECT = """
            SELECT s.kind, s.subject, a.plan, o.key, o.value, a.account_id
              FROM (SELECT 'account' AS kind, x.account_id, NULL::bigint AS mailbox_id, x.name AS subject, x.overrides
                      FROM account x WHERE x.overrides <> '{}'
                    UNION ALL
                    SELECT 'mailbox', x.account_id, x.mailbox_id, x.address, x.overrides
                      FROM mailbox x WHERE x.overrides <> '{}') s
              JOIN account a ON a.account_id = s.account_id
             CROSS JOIN LATERAL jsonb_each_text(s.overrides) o
            """;
    private static final String ORDER = " ORDER BY a.name, s.kind, s.subject, o.key";

    private final Database database;
    private final CurrentPlans plans;

    private record Found(Kind kind, long id, long account) {
        String select(String expression) {
            return "SELECT %s FROM %s WHERE %s_id = ?".formatted(expression, kind.lowerCase(), kind.lowerCase());
        }

        String update(String overrides) {
            return "UPDATE %s SET overrides = %s WHERE %s_id = ?"
                    .formatted(kind.lowerCase(), overrides, kind.lowerCase());
        }
    }

    public PlanOverrides(Database database, CurrentPlans plans) {
        this.database = database;
        this.plans = plans;
    }

    /** Sets what is named, and leaves the rest: all of it, or nothing where the plan would not be one any more. */
    public Outcome<List<PlanOverride>> set(PlanSubject subject, Map<String, String> values) {
        return change(subject, (tx, found) -> {
            var set = new Overrides(values);
            tx.update(found.update("overrides || " + Overrides.JSONB), set.keys(), set.values(), found.id());
        });
    }

    /**
     * Has the plan's own values hold again.
     *
     * @param keys none: everything
     */
    public Outcome<List<PlanOverride>> remove(PlanSubject subject, Collection<String> keys) {
        return change(subject, (tx, found) -> {
            var named = keys.toArray(String[]::new);
            if (!tx.<Boolean>one(found.select("overrides ??& ?::text[]"), row -> row.bool(1), named, found.id())) {
                throw new Refused(new Problem.Invalid("not all of these are overridden: " + String.join(", ", keys)));
            }
            if (keys.isEmpty()) {
                tx.update(found.update("'{}'"), found.id());
            } else {
                tx.update(found.update("overrides - ?::text[]"), named, found.id());
            }
        });
    }

    /** Those of one account with its mailboxes, of one mailbox, or all. */
    public Outcome<List<PlanOverride>> list(Optional<PlanSubject> subject) {
        return database.read(tx -> {
            if (subject.isEmpty()) {
                return Outcome.done(tx.list(SELECT + ORDER, OVERRIDE));
            }
            var found = find(tx, subject.get());
            return found.isEmpty() ? Outcome.failed(missing(subject.get())) : Outcome.done(list(tx, found.get()));
        });
    }

    /** What would not fit these plans any more, in words, one for each account or mailbox. */
    public List<String> unfit(Plans newer) {
        return unfit(newer, database.read(tx -> tx.list(SELECT + ORDER, OVERRIDE)));
    }

    @FunctionalInterface
    private interface Change {
        void apply(Tx tx, Found found) throws SQLException;
    }

    private Outcome<List<PlanOverride>> change(PlanSubject subject, Change change) {
        try {
            return database.transact(tx -> {
                var found = find(tx, subject);
                if (found.isEmpty()) {
                    return Outcome.failed(missing(subject));
                }
                // Two who change one account take turns: each checks what the other has left.
                tx.one(
                        "SELECT account_id FROM account WHERE account_id = ? FOR NO KEY UPDATE",
                        row -> row.longValue(1),
                        found.get().account());
                change.apply(tx, found.get());
                check(tx, plans.all(), found.get().account());
                new PlanChange(found.get().kind(), found.get().id())
                        .publish(tx, database.settings().cell());
                return Outcome.done(list(tx, found.get()));
            });
        } catch (Refused e) {
            return Outcome.failed(e.problem);
        }
    }

    /** Refuses when an account's overrides, or those of one of its mailboxes, do not fit its plan. */
    static void check(Tx tx, Plans plans, long account) throws SQLException {
        var all = tx.list(SELECT + "WHERE a.account_id = ?" + ORDER, OVERRIDE, account);
        var subjects = new LinkedHashMap<String, Integer>();
        all.forEach(each -> subjects.merge(each.kind() + each.subject(), 1, Integer::sum));
        if (subjects.values().stream().anyMatch(count -> count > MAX)) {
            throw new Refused(new Problem.TooMany("overrides", MAX));
        }
        var unfit = unfit(plans, all);
        if (!unfit.isEmpty()) {
            throw new Refused(new Problem.Invalid(unfit.getFirst()));
        }
    }

    /** @param all in {@link #ORDER}: an account's own come before those of its mailboxes */
    private static List<String> unfit(Plans plans, List<PlanOverride> all) {
        var unfit = new ArrayList<String>();
        var ofAccount = new LinkedHashMap<String, String>();
        var ofSubject = new LinkedHashMap<String, String>();
        for (int i = 0; i < all.size(); i++) {
            var each = all.get(i);
            if (i == 0 || !all.get(i - 1).account().equals(each.account())) {
                ofAccount.clear();
            }
            if (i == 0 || !all.get(i - 1).isOfSame(each)) {
                ofSubject.clear();
                ofSubject.putAll(ofAccount);
            }
            ofSubject.put(each.key(), each.value());
            if (each.kind() == Kind.ACCOUNT) {
                ofAccount.put(each.key(), each.value());
            }
            if (i == all.size() - 1 || !all.get(i + 1).isOfSame(each)) {
                try {
                    plans.with(each.plan(), new Overrides(ofSubject));
                } catch (IllegalArgumentException e) {
                    unfit.add(each.kind().lowerCase() + ' ' + each.subject() + ": " + e.getMessage());
                }
            }
        }
        return unfit;
    }

    private static List<PlanOverride> list(Tx tx, Found found) throws SQLException {
        return switch (found.kind()) {
            case ACCOUNT -> tx.list(SELECT + "WHERE a.account_id = ?" + ORDER, OVERRIDE, found.id());
            case MAILBOX -> tx.list(SELECT + "WHERE s.mailbox_id = ?" + ORDER, OVERRIDE, found.id());
        };
    }

    private static Optional<Found> find(Tx tx, PlanSubject subject) throws SQLException {
        return switch (subject) {
            case PlanSubject.OfAccount(var name) ->
                tx.first(
                        "SELECT account_id FROM account WHERE name = ?",
                        row -> new Found(Kind.ACCOUNT, row.longValue(1), row.longValue(1)),
                        name.value());
            case PlanSubject.OfMailbox(var address) -> {
                var id = Addresses.mailbox(tx, address);
                yield id.isEmpty()
                        ? Optional.empty()
                        : tx.first(
                                "SELECT mailbox_id, account_id FROM mailbox WHERE mailbox_id = ?",
                                row -> new Found(Kind.MAILBOX, row.longValue(1), row.longValue(2)),
                                id.getAsLong());
            }
        };
    }

    private static Problem missing(PlanSubject subject) {
        return switch (subject) {
            case PlanSubject.OfAccount(var name) -> new Problem.NoSuchAccount(name.value());
            case PlanSubject.OfMailbox(var address) -> new Problem.NoSuchMailbox(address);
        };
    }

    private static PlanOverride override(Row row) throws SQLException {
        return new PlanOverride(
                Kind.of(row.text("kind")),
                row.text("subject"),
                new AccountId(row.longValue("account_id")),
                new PlanName(row.text("plan")),
                row.text("key"),
                row.text("value"));
    }

    /** Rolls the transaction back: nothing is changed. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        final transient Problem problem;

        Refused(Problem problem) {
            super(problem.text(), null, false, false);
            this.problem = problem;
        }
    }
}
