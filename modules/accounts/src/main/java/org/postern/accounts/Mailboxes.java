package org.postern.accounts;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.postern.database.Database;
import org.postern.database.Row;
import org.postern.database.RowReader;
import org.postern.database.Tx;
import org.postern.model.AccountId;
import org.postern.model.Address;
import org.postern.model.Domain;
import org.postern.model.MailboxId;

/** Mailboxes and their aliases. Each change is one transaction; a mailbox is named by its own address or an alias. */
public final class Mailboxes {
    public static final int MAX_ALIASES = 500;

    private static final int FETCH = 1_000;
    private static final long NOBODY = 0; // No mailbox has this number.
    private static final RowReader<MailboxInfo> INFO = Mailboxes::info;
    private static final String SELECT = """
            SELECT mailbox_id, account_id, address, display_name, status <> 'active' AS paused,
                   password_hash IS NOT NULL AS has_password, pop3_keeps_copy, copies_sent,
                   ARRAY(SELECT f.address FROM forward f WHERE f.mailbox_id = mailbox.mailbox_id ORDER BY f.address) AS forward_to,
                   forward_keeps_copy, created_at
              FROM mailbox
            """;

    private final Database database;
    private final AccountPasswords passwords;
    private final MailboxBorn born;
    private final Consumer<MailboxId> turned;
    private final Directory directory;

    /**
     * @param born completes each new mailbox in the same transaction
     * @param turned told of each that was paused or resumed: others see nothing of it meanwhile
     */
    public Mailboxes(Database database, AccountPasswords passwords, MailboxBorn born, Consumer<MailboxId> turned) {
        this.database = database;
        this.passwords = passwords;
        this.born = born;
        this.turned = turned;
        this.directory = new Directory(database);
    }

    /** @param address in one of our domains, without {@code +detail} */
    public Outcome<MailboxInfo> add(Address address, String displayName) {
        var name = displayName.strip();
        if (!name.isEmpty() && !Labels.isLabel(name, AccountName.MAX_LENGTH)) {
            return Outcome.failed(new Problem.Invalid(
                    "a display name is printable and at most " + AccountName.MAX_LENGTH + " characters"));
        }
        return database.transact(tx -> {
            var account = Addresses.account(database, tx, address);
            if (account.isEmpty()) {
                return Outcome.failed(new Problem.NoSuchDomain(address.domain()));
            }
            var detail = Addresses.problemOf(address);
            if (detail.isPresent()) {
                return Outcome.failed(detail.get());
            }
            long id = tx.one("SELECT nextval('directory.mailbox_id')", row -> row.longValue(1));
            if (!Addresses.claimOwn(tx, address, new MailboxId(id))) {
                return Outcome.failed(new Problem.AlreadyExists("address " + address));
            }
            tx.update(
                    "INSERT INTO mailbox (mailbox_id, account_id, address, display_name) VALUES (?, ?, ?, ?)",
                    id,
                    account.get().value(),
                    address.toString(),
                    name);
            born.born(tx, new MailboxId(id));
            return Outcome.done(info(tx, id));
        });
    }

    /** Those of one domain, or all of this cell; by address. */
    public List<MailboxInfo> list(Optional<Domain> domain) {
        return database.read(tx -> {
            var aliases = new HashMap<Long, List<Address>>();
            tx.each(
                    """
                    SELECT mailbox_id, local_part, domain FROM directory.address WHERE is_alias AND targets IS NULL
                     ORDER BY domain, local_part
                    """,
                    FETCH,
                    row -> aliases.computeIfAbsent(row.longValue(1), id -> new ArrayList<>())
                            .add(Addresses.of(row.text(2), row.text(3))));
            return tx.list(SELECT + "ORDER BY address", INFO).stream()
                    .filter(info -> domain.isEmpty() || info.address().domain().equals(domain.get()))
                    .map(info -> withAliases(info, aliases))
                    .toList();
        });
    }

    public Outcome<MailboxInfo> show(Address address) {
        return database.read(tx -> {
            var id = Addresses.mailbox(tx, address);
            return id.isPresent()
                    ? Outcome.done(info(tx, id.getAsLong()))
                    : Outcome.failed(new Problem.NoSuchMailbox(address));
        });
    }

    /** Logins fail from now on, and live connections end at once, cluster-wide. */
    public Outcome<MailboxInfo> pause(Address address) {
        return turn(address, (tx, id) -> {
            setStatus(tx, id, "paused");
            new AccessEnd(AccessEnd.Kind.MAILBOX, id)
                    .publish(tx, database.settings().cell());
        });
    }

    public Outcome<MailboxInfo> resume(Address address) {
        return turn(address, (tx, id) -> setStatus(tx, id, "active"));
    }

    private Outcome<MailboxInfo> turn(Address address, Change change) {
        return change(address, change).map(mailbox -> {
            turned.accept(mailbox.id());
            return mailbox;
        });
    }

    /** Whoever compares what there is to see of the mailbox with what there was finds a difference. */
    private static void setStatus(Tx tx, long mailbox, String status) throws SQLException {
        tx.update("UPDATE mailbox SET status = ?, tree_modseq = tree_modseq + 1 WHERE mailbox_id = ?", status, mailbox);
    }

    /** Whether it is neither paused nor its account suspended. */
    public boolean isInUse(MailboxId mailbox) {
        return database.once(tx -> tx.one("""
                SELECT EXISTS (SELECT FROM mailbox m JOIN account a USING (account_id)
                                WHERE m.mailbox_id = ? AND m.status = 'active' AND a.status = 'active')
                """, row -> row.bool(1), mailbox.value()));
    }

    /** Whether the account is not suspended. */
    public boolean isInUse(AccountId account) {
        return database.once(tx -> tx.one(
                "SELECT EXISTS (SELECT FROM account WHERE account_id = ? AND status = 'active')",
                row -> row.bool(1),
                account.value()));
    }

    /** Felt at once by POP3, within seconds by what is delivered. */
    public Outcome<MailboxInfo> choose(Address address, MailboxChoices choices) {
        return database.transact(tx -> {
            var id = Addresses.mailbox(tx, address);
            if (id.isEmpty()) {
                return Outcome.failed(new Problem.NoSuchMailbox(address));
            }
            lock(tx, id.getAsLong());
            if (choices.forwardTo().isPresent()) {
                var to = choices.forwardTo().get();
                var problem = Forwardings.set(tx, directory, new MailboxId(id.getAsLong()), to);
                if (problem.isPresent()) {
                    return Outcome.failed(problem.get());
                }
            }
            tx.update("""
                    UPDATE mailbox SET pop3_keeps_copy = coalesce(?, pop3_keeps_copy),
                                       copies_sent = coalesce(?, copies_sent),
                                       forward_keeps_copy = coalesce(?, forward_keeps_copy)
                     WHERE mailbox_id = ?
                    """, choices.pop3KeepsCopy(), choices.copiesSent(), choices.forwardKeepsCopy(), id.getAsLong());
            return Outcome.done(info(tx, id.getAsLong()));
        });
    }

    /** Sets the account password, which opens the owners' page only. */
    public Outcome<MailboxInfo> setPassword(Address address, String password) {
        var problem = passwords.problemWith(password);
        return problem.isPresent() ? Outcome.failed(problem.get()) : store(address, passwords.hash(password));
    }

    /** Sets a generated account password and returns it, the only time it is seen. */
    public Outcome<String> generatePassword(Address address) {
        var password = passwords.generate();
        return store(address, passwords.hash(password)).map(info -> password);
    }

    /**
     * Whether this is the mailbox's account password, for the console. A mailbox that is not there, not in use or without a
     * password costs the same time.
     */
    public boolean passwordMatches(Address address, String password) {
        var stored = database.read(tx -> {
            var id = Addresses.mailbox(tx, address);
            return tx.first("""
                            SELECT m.password_hash FROM mailbox m JOIN account a USING (account_id)
                             WHERE m.mailbox_id = ? AND m.status = 'active' AND a.status = 'active'
                            """, row -> row.optionalText(1), id.orElse(NOBODY)).flatMap(hash -> hash);
        });
        return passwords.matchesOrNobodys(password, stored);
    }

    /** @param alias in a domain of the mailbox's own account, without {@code +detail} */
    public Outcome<MailboxInfo> addAlias(Address alias, Address mailbox) {
        return database.transact(tx -> {
            var id = Addresses.mailbox(tx, mailbox);
            if (id.isEmpty()) {
                return Outcome.failed(new Problem.NoSuchMailbox(mailbox));
            }
            var mailboxId = new MailboxId(id.getAsLong());
            var refused = problemOfOneMore(database, tx, alias, mailboxId, mailbox);
            if (refused.isPresent()) {
                return Outcome.failed(refused.get());
            }
            return Addresses.claimAlias(tx, alias, mailboxId)
                    ? Outcome.done(info(tx, id.getAsLong()))
                    : Outcome.failed(new Problem.AlreadyExists("address " + alias));
        });
    }

    /**
     * Why the mailbox cannot have one address more, alias or group; its row is locked from now on, so that they are counted by one
     * at a time.
     */
    static Optional<Problem> problemOfOneMore(Database database, Tx tx, Address alias, MailboxId mailbox, Address name)
            throws SQLException {
        var detail = Addresses.problemOf(alias);
        if (detail.isPresent()) {
            return detail;
        }
        var owner = Addresses.account(database, tx, alias);
        if (owner.isEmpty()) {
            return Optional.of(new Problem.NoSuchDomain(alias.domain()));
        }
        if (owner.get().value() != lock(tx, mailbox.value())) {
            return Optional.of(new Problem.OtherAccount("domain " + alias.domain()));
        }
        int have = tx.one(
                "SELECT count(*) FROM directory.address WHERE mailbox_id = ? AND is_alias",
                row -> row.intValue(1),
                mailbox.value());
        return have >= MAX_ALIASES
                ? Optional.of(new Problem.TooMany("aliases of " + name, MAX_ALIASES))
                : Optional.empty();
    }

    /** An alias or a group. @return the mailbox that had it */
    public Outcome<MailboxInfo> removeAlias(Address alias) {
        return database.transact(tx -> {
            var id = tx.first("""
                    DELETE FROM directory.address WHERE domain = ? AND local_part = ? AND is_alias
                    RETURNING mailbox_id
                    """, row -> row.longValue(1), alias.domain().name(), alias.foldedLocalPart());
            return id.isPresent() ? Outcome.done(info(tx, id.get())) : Outcome.failed(new Problem.NoSuchAlias(alias));
        });
    }

    @FunctionalInterface
    private interface Change {
        void on(Tx tx, long mailbox) throws SQLException;
    }

    private Outcome<MailboxInfo> change(Address address, Change change) {
        return database.transact(tx -> {
            var id = Addresses.mailbox(tx, address);
            if (id.isEmpty()) {
                return Outcome.failed(new Problem.NoSuchMailbox(address));
            }
            change.on(tx, id.getAsLong());
            return Outcome.done(info(tx, id.getAsLong()));
        });
    }

    private Outcome<MailboxInfo> store(Address address, String hash) {
        return change(
                address, (tx, id) -> tx.update("UPDATE mailbox SET password_hash = ? WHERE mailbox_id = ?", hash, id));
    }

    /** Locks the mailbox's row, so that its aliases and forwards are counted by one at a time; returns its account. */
    private static long lock(Tx tx, long mailbox) throws SQLException {
        return tx.one(
                "SELECT account_id FROM mailbox WHERE mailbox_id = ? FOR NO KEY UPDATE",
                row -> row.longValue(1),
                mailbox);
    }

    private static MailboxInfo info(Tx tx, long mailbox) throws SQLException {
        var info = tx.one(SELECT + "WHERE mailbox_id = ?", INFO, mailbox);
        return withAliases(info, Map.of(mailbox, aliases(tx, mailbox)));
    }

    private static List<Address> aliases(Tx tx, long mailbox) throws SQLException {
        return tx.list("""
                SELECT local_part, domain FROM directory.address WHERE mailbox_id = ? AND is_alias AND targets IS NULL
                 ORDER BY domain, local_part
                """, row -> Addresses.of(row.text(1), row.text(2)), mailbox);
    }

    private static MailboxInfo info(Row row) throws SQLException {
        return new MailboxInfo(
                new MailboxId(row.longValue("mailbox_id")),
                new AccountId(row.longValue("account_id")),
                Addresses.stored(row.text("address")),
                row.text("display_name"),
                row.bool("paused"),
                row.bool("has_password"),
                row.bool("pop3_keeps_copy"),
                row.bool("copies_sent"),
                new Forwarding(Addresses.stored(row.texts("forward_to")), row.bool("forward_keeps_copy")),
                row.instant("created_at"),
                List.of());
    }

    private static MailboxInfo withAliases(MailboxInfo info, Map<Long, List<Address>> aliases) {
        return new MailboxInfo(
                info.id(),
                info.account(),
                info.address(),
                info.displayName(),
                info.paused(),
                info.hasPassword(),
                info.pop3KeepsCopy(),
                info.copiesSent(),
                info.forwarding(),
                info.createdAt(),
                aliases.getOrDefault(info.id().value(), List.of()));
    }
}
