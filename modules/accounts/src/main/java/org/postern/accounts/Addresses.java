package org.postern.accounts;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.postern.database.Database;
import org.postern.database.Tx;
import org.postern.model.AccountId;
import org.postern.model.Address;
import org.postern.model.Domain;
import org.postern.model.MailboxId;

/** Rows of {@code directory.address}. */
final class Addresses {
    private Addresses() {}

    /** An address that we wrote ourselves, and so must be one. */
    static Address stored(String text) {
        return Address.parse(text).orElseThrow(() -> new IllegalStateException("not an address in the database"));
    }

    static List<Address> stored(List<String> texts) {
        return texts.stream().map(Addresses::stored).toList();
    }

    /** An address of the directory: its local part may need quotes, and has lost its capitals. */
    static Address of(String localPart, String domain) {
        return new Address(localPart, new Domain(domain));
    }

    /** Who has exactly this address, as own, as alias, or as the owner of a group. */
    static OptionalLong mailbox(Tx tx, Address address) throws SQLException {
        return tx.first(
                        "SELECT mailbox_id FROM directory.address WHERE domain = ? AND local_part = ?",
                        row -> OptionalLong.of(row.longValue(1)),
                        address.domain().name(),
                        address.foldedLocalPart())
                .orElse(OptionalLong.empty());
    }

    /** Whose the address's domain is. */
    static Optional<AccountId> account(Database database, Tx tx, Address address) throws SQLException {
        return tx.first(
                "SELECT account_id FROM directory.domain WHERE name = ? AND cell = ?",
                row -> new AccountId(row.longValue(1)),
                address.domain().name(),
                database.settings().cell());
    }

    /** A mailbox's own address; false when somebody has it. */
    static boolean claimOwn(Tx tx, Address address, MailboxId mailbox) throws SQLException {
        return claim(tx, address, mailbox, false, List.of());
    }

    /** One more address; false when somebody has it. */
    static boolean claimAlias(Tx tx, Address address, MailboxId mailbox) throws SQLException {
        return claim(tx, address, mailbox, true, List.of());
    }

    /** An address that leads to the targets, one at least; false when somebody has it. */
    static boolean claimGroup(Tx tx, Address address, MailboxId owner, List<Address> targets) throws SQLException {
        return claim(tx, address, owner, true, targets);
    }

    private static boolean claim(Tx tx, Address address, MailboxId mailbox, boolean alias, List<Address> targets)
            throws SQLException {
        return tx.update(
                        """
                        INSERT INTO directory.address (domain, local_part, mailbox_id, is_alias, targets)
                        VALUES (?, ?, ?, ?, nullif(?, '{}'::text[]))
                        ON CONFLICT (domain, local_part) DO NOTHING
                        """, address.domain().name(), address.foldedLocalPart(), mailbox.value(), alias, texts(targets))
                > 0;
    }

    static String[] texts(List<Address> addresses) {
        return addresses.stream().map(Address::toString).toArray(String[]::new);
    }

    /** Why the address can be nobody's, if so. */
    static Optional<Problem> problemOf(Address address) {
        return address.foldedLocalPartWithoutDetail().equals(address.foldedLocalPart())
                ? Optional.empty()
                : Optional.of(new Problem.Invalid(
                        address + " has a '+': such addresses reach the mailbox before the '+' by themselves"));
    }
}
