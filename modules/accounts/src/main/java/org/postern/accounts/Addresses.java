package org.postern.accounts;

import java.sql.SQLException;
import java.util.OptionalLong;
import org.postern.database.Tx;
import org.postern.model.Address;
import org.postern.model.Domain;

/** Rows of {@code directory.address}. */
final class Addresses {
    private Addresses() {}

    /** An address that we wrote ourselves, and so must be one. */
    static Address stored(String text) {
        return Address.parse(text).orElseThrow(() -> new IllegalStateException("not an address in the database"));
    }

    /** An address of the directory: its local part may need quotes, and has lost its capitals. */
    static Address of(String localPart, String domain) {
        return new Address(localPart, new Domain(domain));
    }

    /** Who has exactly this address, as own or alias. */
    static OptionalLong mailbox(Tx tx, Address address) throws SQLException {
        return tx.first(
                        "SELECT mailbox_id FROM directory.address WHERE domain = ? AND local_part = ?",
                        row -> OptionalLong.of(row.longValue(1)),
                        address.domain().name(),
                        address.foldedLocalPart())
                .orElse(OptionalLong.empty());
    }
}
