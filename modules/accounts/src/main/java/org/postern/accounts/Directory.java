package org.postern.accounts;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.postern.accounts.Resolution.Match;
import org.postern.database.Database;
import org.postern.database.Notifications;
import org.postern.database.Row;
import org.postern.database.Tx;
import org.postern.model.AccountId;
import org.postern.model.Address;
import org.postern.model.Domain;
import org.postern.model.MailboxId;

/**
 * Where mail to an address goes: to the mailbox, alias or group of that name; else to that of the name before its first
 * {@code +}; else, for {@code postmaster} (RFC 5321 §4.5.1), to the domain's oldest mailbox; else to the domain's
 * catch-all. Case does not matter.
 *
 * <p>One round trip and a few index probes, and a change is felt at once. A serving node's also remembers, as long as it hears of
 * changes ({@link KnownAddresses}).
 */
public final class Directory {
    private static final String ANYBODY = lookUp("NULL::bigint");

    /** By itself: with it in the same statement PostgreSQL planned each lookup anew, twice the work of the lookup. */
    private static final String POSTMASTER = lookUp(
            "(SELECT min(p.mailbox_id) FROM directory.address p" + " WHERE p.domain = d.name AND NOT p.is_alias)");

    private final Database database;
    private final Optional<KnownAddresses> known;

    private Directory(Database database, Optional<KnownAddresses> known) {
        this.database = database;
        this.known = known;
    }

    public Directory(Database database) {
        this(database, Optional.empty());
    }

    static Directory remembering(Database database, Notifications notifications) {
        return new Directory(database, Optional.of(KnownAddresses.listening(notifications)));
    }

    public Resolution resolve(Address address) {
        return known.map(addresses -> addresses.find(address, () -> ask(address)))
                .orElseGet(() -> ask(address));
    }

    private Resolution ask(Address address) {
        return database.once(tx -> resolve(tx, address));
    }

    /** As it stands in the caller's transaction. */
    public Resolution resolve(Tx tx, Address address) throws SQLException {
        var base = address.foldedLocalPartWithoutDetail();
        return tx.first(
                        base.equals("postmaster") ? POSTMASTER : ANYBODY,
                        row -> read(row, address),
                        address.foldedLocalPart(),
                        base,
                        address.domain().name(),
                        database.settings().cell())
                .orElseGet(Resolution.Elsewhere::new);
    }

    /** Whether mail to the domain is ours to deliver. */
    public boolean isOurs(Domain domain) {
        return database.once(tx -> tx.one(
                "SELECT EXISTS (SELECT FROM directory.domain WHERE name = ? AND cell = ?)",
                row -> row.bool(1),
                domain.name(),
                database.settings().cell()));
    }

    /** @param postmaster the mailbox for whom it is to be */
    private static String lookUp(String postmaster) {
        return """
                SELECT d.account_id, d.catch_all_mailbox_id,
                       x.mailbox_id AS whole, x.is_alias AS whole_alias, x.targets AS whole_targets,
                       b.mailbox_id AS base, b.is_alias AS base_alias, b.targets AS base_targets, %s AS postmaster
                  FROM directory.domain d
                  LEFT JOIN directory.address x ON x.domain = d.name AND x.local_part = ?
                  LEFT JOIN directory.address b ON b.domain = d.name AND b.local_part = ?
                 WHERE d.name = ? AND d.cell = ?
                """.formatted(postmaster);
    }

    private static Resolution read(Row row, Address address) throws SQLException {
        var account = new AccountId(row.longValue("account_id"));
        var whole = row.optionalLong("whole");
        if (whole.isPresent()) {
            return row.isNull("whole_targets")
                    ? local(whole, account, alias(row.bool("whole_alias")), Optional.empty())
                    : leads(address, whole, account, row.texts("whole_targets"));
        }
        var base = row.optionalLong("base");
        if (base.isPresent()) {
            return row.isNull("base_targets")
                    ? local(base, account, alias(row.bool("base_alias")), detail(address))
                    : leads(address, base, account, row.texts("base_targets"));
        }
        var postmaster = row.optionalLong("postmaster");
        if (postmaster.isPresent()) {
            return local(postmaster, account, Match.POSTMASTER, detail(address));
        }
        var catchAll = row.optionalLong("catch_all_mailbox_id");
        if (catchAll.isPresent()) {
            return local(catchAll, account, Match.CATCH_ALL, Optional.empty());
        }
        return new Resolution.NoSuchAddress();
    }

    private static Resolution local(OptionalLong mailbox, AccountId account, Match match, Optional<String> detail) {
        return new Resolution.Local(new MailboxId(mailbox.getAsLong()), account, match, detail);
    }

    private static Resolution leads(Address address, OptionalLong owner, AccountId account, List<String> targets) {
        var group = new Address(address.foldedLocalPartWithoutDetail(), address.domain());
        return new Resolution.Leads(group, new MailboxId(owner.getAsLong()), account, Addresses.stored(targets));
    }

    private static Match alias(boolean isAlias) {
        return isAlias ? Match.ALIAS : Match.OWN;
    }

    private static Optional<String> detail(Address address) {
        int plus = address.localPart().indexOf('+');
        return plus < 1 ? Optional.empty() : Optional.of(address.localPart().substring(plus + 1));
    }
}
