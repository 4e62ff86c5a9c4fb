package org.postern.accounts;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.database.Database;
import org.postern.database.Row;
import org.postern.database.Tx;
import org.postern.model.Address;
import org.postern.model.Domain;
import org.postern.model.MailboxId;

/** The addresses that lead to others: rows of {@code directory.address} with targets. Each change is one transaction. */
public final class Groups {
    private static final String SELECT =
            "SELECT a.local_part, a.domain, a.mailbox_id, a.targets FROM directory.address a ";

    private final Database database;
    private final Directory directory;

    public Groups(Database database) {
        this.database = database;
        this.directory = new Directory(database);
    }

    /**
     * Makes one.
     *
     * @param address in a domain of the owner's account, without {@code +detail}
     * @param owner a mailbox, by its own address or an alias
     * @param to one at least
     */
    public Outcome<Group> add(Address address, Address owner, List<Address> to) {
        return database.transact(tx -> {
            var mailbox = Addresses.mailbox(tx, owner);
            if (mailbox.isEmpty()) {
                return Outcome.failed(new Problem.NoSuchMailbox(owner));
            }
            var id = new MailboxId(mailbox.getAsLong());
            var refused = Mailboxes.problemOfOneMore(database, tx, address, id, owner);
            if (refused.isEmpty()) {
                refused = problemOf(tx, address, to);
            }
            if (refused.isPresent()) {
                return Outcome.failed(refused.get());
            }
            return Addresses.claimGroup(tx, address, id, distinct(to))
                    ? Outcome.done(group(tx, address))
                    : Outcome.failed(new Problem.AlreadyExists("address " + address));
        });
    }

    /** From now on it leads there, and to nobody else; felt by what arrives next. */
    public Outcome<Group> lead(Address address, List<Address> to) {
        return database.transact(tx -> {
            var refused = problemOf(tx, address, to);
            if (refused.isPresent()) {
                return Outcome.failed(refused.get());
            }
            int changed = tx.update(
                    """
                    UPDATE directory.address SET targets = ?
                     WHERE domain = ? AND local_part = ? AND targets IS NOT NULL
                    """, Addresses.texts(distinct(to)), address.domain().name(), address.foldedLocalPart());
            return changed > 0 ? Outcome.done(group(tx, address)) : Outcome.failed(new Problem.NoSuchGroup(address));
        });
    }

    /** Those of one domain, or all of this cell; by address. */
    public List<Group> list(Optional<Domain> domain) {
        return database.read(tx -> {
            var cell = database.settings().cell();
            var owners = new HashMap<Long, Address>();
            var groups = tx.list(
                    SELECT + "JOIN directory.domain d ON d.name = a.domain WHERE a.targets IS NOT NULL AND d.cell = ?"
                            + " AND (?::text IS NULL OR a.domain = ?) ORDER BY a.domain, a.local_part",
                    Owned::read,
                    cell,
                    domain.map(Domain::name),
                    domain.map(Domain::name));
            for (var owned : groups) {
                owners.putIfAbsent(owned.owner(), owned.owner(tx));
            }
            return groups.stream().map(owned -> owned.group(owners)).toList();
        });
    }

    /** Those that a mailbox answers for; by address. */
    public List<Group> ownedBy(MailboxId owner) {
        return database.read(tx -> {
            var owned = tx.list(
                    SELECT + "WHERE a.mailbox_id = ? AND a.targets IS NOT NULL ORDER BY a.domain, a.local_part",
                    Owned::read,
                    owner.value());
            if (owned.isEmpty()) {
                return List.of();
            }
            var owners = Map.of(owner.value(), owned.getFirst().owner(tx));
            return owned.stream().map(each -> each.group(owners)).toList();
        });
    }

    /** Why the group cannot lead there. */
    private Optional<Problem> problemOf(Tx tx, Address group, List<Address> to) throws SQLException {
        if (distinct(to).size() > Group.MAX_TARGETS) {
            return Optional.of(new Problem.TooMany("addresses that " + group + " leads to", Group.MAX_TARGETS));
        }
        for (var target : to) {
            if (isSame(target, group)) {
                return Optional.of(new Problem.Invalid(group + " cannot lead to itself"));
            }
            if (directory.resolve(tx, target) instanceof Resolution.NoSuchAddress) {
                return Optional.of(new Problem.NoSuchMailbox(target));
            }
        }
        return Optional.empty();
    }

    private static boolean isSame(Address target, Address group) {
        return target.domain().equals(group.domain())
                && target.foldedLocalPartWithoutDetail().equals(group.foldedLocalPart());
    }

    private static List<Address> distinct(List<Address> to) {
        return to.stream().distinct().toList();
    }

    private static Group group(Tx tx, Address address) throws SQLException {
        var owned = tx.one(
                SELECT + "WHERE a.domain = ? AND a.local_part = ?",
                Owned::read,
                address.domain().name(),
                address.foldedLocalPart());
        return owned.group(Map.of(owned.owner(), owned.owner(tx)));
    }

    /** A group as the directory has it, which does not know its owner's address. */
    private record Owned(Address address, long owner, List<Address> to) {
        static Owned read(Row row) throws SQLException {
            return new Owned(
                    Addresses.of(row.text("local_part"), row.text("domain")),
                    row.longValue("mailbox_id"),
                    Addresses.stored(row.texts("targets")));
        }

        Address owner(Tx tx) throws SQLException {
            return tx.one(
                    "SELECT address FROM mailbox WHERE mailbox_id = ?", row -> Addresses.stored(row.text(1)), owner);
        }

        Group group(Map<Long, Address> owners) {
            return new Group(address, Optional.ofNullable(owners.get(owner)).orElseThrow(), to);
        }
    }
}
