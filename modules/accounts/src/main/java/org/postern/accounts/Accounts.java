package org.postern.accounts;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.database.Database;
import org.postern.database.Row;
import org.postern.database.RowReader;
import org.postern.database.Tx;
import org.postern.model.AccountId;
import org.postern.model.PlanName;

/** Accounts: the customers, each with one plan and one status. */
public final class Accounts {
    private static final RowReader<AccountInfo> INFO = Accounts::info;
    private static final String SELECT = """
            SELECT a.account_id, a.name, a.plan, a.status <> 'active' AS suspended, a.created_at,
                   (SELECT count(*) FROM mailbox m WHERE m.account_id = a.account_id) AS mailboxes
              FROM account a
            """;

    private final Database database;
    private final CurrentPlans plans;

    public Accounts(Database database, CurrentPlans plans) {
        this.database = database;
        this.plans = plans;
    }

    public Outcome<AccountInfo> add(AccountName name, PlanName plan) {
        var unknown = unknownPlan(plan);
        if (unknown.isPresent()) {
            return Outcome.failed(unknown.get());
        }
        return database.transact(tx -> {
            long id = tx.one("SELECT nextval('directory.account_id')", row -> row.longValue(1));
            int added = tx.update(
                    "INSERT INTO account (account_id, name, plan) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING",
                    id,
                    name.value(),
                    plan.value());
            return added == 0
                    ? Outcome.failed(new Problem.AlreadyExists("account " + name))
                    : Outcome.done(find(tx, name).orElseThrow());
        });
    }

    /** By name. */
    public List<AccountInfo> list() {
        return database.read(tx -> {
            var domains = domainCounts(tx);
            return tx.list(SELECT + "ORDER BY a.name", INFO).stream()
                    .map(info ->
                            withDomains(info, domains.getOrDefault(info.id().value(), 0)))
                    .toList();
        });
    }

    public Outcome<AccountInfo> show(AccountName name) {
        return database.read(tx -> found(tx, name));
    }

    /** Live connections stay; all they do from now on is held to the new plan. */
    public Outcome<AccountInfo> changePlan(AccountName name, PlanName plan) {
        var unknown = unknownPlan(plan);
        if (unknown.isPresent()) {
            return Outcome.failed(unknown.get());
        }
        try {
            return database.transact(tx -> {
                var id = tx.first(
                        "UPDATE account SET plan = ? WHERE name = ? RETURNING account_id",
                        row -> row.longValue(1),
                        plan.value(),
                        name.value());
                if (id.isPresent()) {
                    PlanOverrides.check(tx, plans.all(), id.get());
                    new PlanChange(PlanOverride.Kind.ACCOUNT, id.get())
                            .publish(tx, database.settings().cell());
                }
                return found(tx, name);
            });
        } catch (PlanOverrides.Refused e) {
            return Outcome.failed(e.problem);
        }
    }

    /** Logins fail from now on, and live connections of its mailboxes end at once, cluster-wide. */
    public Outcome<AccountInfo> suspend(AccountName name) {
        return database.transact(tx -> {
            var id = tx.first(
                    "UPDATE account SET status = 'suspended' WHERE name = ? RETURNING account_id",
                    row -> row.longValue(1),
                    name.value());
            if (id.isPresent()) {
                new AccessEnd(AccessEnd.Kind.ACCOUNT, id.get())
                        .publish(tx, database.settings().cell());
            }
            return found(tx, name);
        });
    }

    public Outcome<AccountInfo> resume(AccountName name) {
        return database.transact(tx -> {
            tx.update("UPDATE account SET status = 'active' WHERE name = ?", name.value());
            return found(tx, name);
        });
    }

    private Optional<Problem> unknownPlan(PlanName plan) {
        return plans.find(plan).isPresent()
                ? Optional.empty()
                : Optional.of(new Problem.NoSuchPlan(plan, plans.all().names()));
    }

    private static Outcome<AccountInfo> found(Tx tx, AccountName name) throws SQLException {
        var info = find(tx, name);
        return info.isPresent() ? Outcome.done(info.get()) : Outcome.failed(new Problem.NoSuchAccount(name.value()));
    }

    private static Optional<AccountInfo> find(Tx tx, AccountName name) throws SQLException {
        var info = tx.first(SELECT + "WHERE a.name = ?", INFO, name.value());
        if (info.isEmpty()) {
            return info;
        }
        int domains = tx.one(
                "SELECT count(*) FROM directory.domain WHERE account_id = ?",
                row -> row.intValue(1),
                info.get().id().value());
        return Optional.of(withDomains(info.get(), domains));
    }

    private static Map<Long, Integer> domainCounts(Tx tx) throws SQLException {
        var counts = new HashMap<Long, Integer>();
        tx.each(
                "SELECT account_id, count(*) FROM directory.domain GROUP BY account_id",
                1_000,
                row -> counts.put(row.longValue(1), row.intValue(2)));
        return counts;
    }

    private static AccountInfo info(Row row) throws SQLException {
        return new AccountInfo(
                new AccountId(row.longValue("account_id")),
                new AccountName(row.text("name")),
                new PlanName(row.text("plan")),
                row.bool("suspended"),
                row.instant("created_at"),
                0,
                row.intValue("mailboxes"));
    }

    private static AccountInfo withDomains(AccountInfo info, int domains) {
        return new AccountInfo(
                info.id(), info.name(), info.plan(), info.suspended(), info.createdAt(), domains, info.mailboxes());
    }
}
