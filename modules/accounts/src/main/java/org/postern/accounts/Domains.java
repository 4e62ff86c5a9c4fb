package org.postern.accounts;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.postern.database.Database;
import org.postern.database.Row;
import org.postern.database.RowReader;
import org.postern.database.Tx;
import org.postern.model.AccountId;
import org.postern.model.Address;
import org.postern.model.Domain;
import org.postern.model.MailboxId;

/** Domains: each belongs to one account, and lives in its account's cell. */
public final class Domains {
    private static final RowReader<DomainInfo> INFO = Domains::info;
    private static final String SELECT =
            "SELECT name, account_id, catch_all_mailbox_id, created_at FROM directory.domain ";

    private final Database database;
    private final Supplier<DomainBorn> births;

    /** @param births asked before the transaction, in which no row waits for keys to be made, what completes a new domain in it */
    public Domains(Database database, Supplier<DomainBorn> births) {
        this.database = database;
        this.births = births;
    }

    public Outcome<DomainInfo> add(AccountName account, Domain domain) {
        var birth = births.get();
        return database.transact(tx -> {
            var owner = account(tx, account);
            if (owner.isEmpty()) {
                return Outcome.failed(new Problem.NoSuchAccount(account.value()));
            }
            var cell = database.settings().cell();
            tx.update("INSERT INTO directory.cell (name) VALUES (?) ON CONFLICT DO NOTHING", cell);
            int added = tx.update(
                    "INSERT INTO directory.domain (name, cell, account_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                    domain.name(),
                    cell,
                    owner.getAsLong());
            if (added == 0) {
                return Outcome.failed(new Problem.AlreadyExists("domain " + domain));
            }
            birth.born(tx, domain);
            return Outcome.done(find(tx, domain).orElseThrow());
        });
    }

    /** Those of one account, or all of this cell; by name. */
    public Outcome<List<DomainInfo>> list(Optional<AccountName> account) {
        return database.read(tx -> {
            if (account.isEmpty()) {
                return Outcome.done(tx.list(
                        SELECT + "WHERE cell = ? ORDER BY name",
                        INFO,
                        database.settings().cell()));
            }
            var owner = account(tx, account.get());
            return owner.isEmpty()
                    ? Outcome.failed(new Problem.NoSuchAccount(account.get().value()))
                    : Outcome.done(tx.list(SELECT + "WHERE account_id = ? ORDER BY name", INFO, owner.getAsLong()));
        });
    }

    /** Who gets the mail of addresses that nobody has; empty for nobody. The mailbox must be of the domain's account. */
    public Outcome<DomainInfo> catchAll(Domain domain, Optional<Address> mailbox) {
        return database.transact(tx -> {
            var info = find(tx, domain);
            if (info.isEmpty()) {
                return Outcome.failed(new Problem.NoSuchDomain(domain));
            }
            var catcher = OptionalLong.empty();
            if (mailbox.isPresent()) {
                catcher = Addresses.mailbox(tx, mailbox.get());
                if (catcher.isEmpty()) {
                    return Outcome.failed(new Problem.NoSuchMailbox(mailbox.get()));
                }
                if (owner(tx, catcher.getAsLong()) != info.get().account().value()) {
                    return Outcome.failed(new Problem.OtherAccount("mailbox " + mailbox.get()));
                }
            }
            tx.update(
                    "UPDATE directory.domain SET catch_all_mailbox_id = ?::bigint WHERE name = ?",
                    catcher,
                    domain.name());
            return Outcome.done(find(tx, domain).orElseThrow());
        });
    }

    private static long owner(Tx tx, long mailbox) throws SQLException {
        return tx.one("SELECT account_id FROM mailbox WHERE mailbox_id = ?", row -> row.longValue(1), mailbox);
    }

    private static OptionalLong account(Tx tx, AccountName name) throws SQLException {
        return tx.first(
                        "SELECT account_id FROM account WHERE name = ?",
                        row -> OptionalLong.of(row.longValue(1)),
                        name.value())
                .orElse(OptionalLong.empty());
    }

    private Optional<DomainInfo> find(Tx tx, Domain domain) throws SQLException {
        return tx.first(
                SELECT + "WHERE name = ? AND cell = ?",
                INFO,
                domain.name(),
                database.settings().cell());
    }

    private static DomainInfo info(Row row) throws SQLException {
        var catchAll = row.optionalLong("catch_all_mailbox_id");
        return new DomainInfo(
                new Domain(row.text("name")),
                new AccountId(row.longValue("account_id")),
                catchAll.isPresent() ? Optional.of(new MailboxId(catchAll.getAsLong())) : Optional.empty(),
                row.instant("created_at"));
    }
}
