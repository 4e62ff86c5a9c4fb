package org.postern.accounts;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.postern.database.Database;
import org.postern.database.Tx;
import org.postern.model.Address;
import org.postern.model.MailboxId;

/** To whom mailboxes forward: rows of {@code forward}. */
public final class Forwardings {
    private final Database database;

    /** One that forwards, by its own address. */
    public record Whose(Address own, Forwarding forwarding) {}

    public Forwardings(Database database) {
        this.database = database;
    }

    /** One round trip; empty when there is no such mailbox. */
    public Optional<Whose> of(MailboxId mailbox) {
        return database.once(tx -> tx.first(
                """
                SELECT address, forward_keeps_copy,
                       ARRAY(SELECT f.address FROM forward f WHERE f.mailbox_id = m.mailbox_id ORDER BY f.address) AS targets
                  FROM mailbox m WHERE mailbox_id = ?
                """,
                row -> new Whose(
                        Addresses.stored(row.text("address")),
                        new Forwarding(Addresses.stored(row.texts("targets")), row.bool("forward_keeps_copy"))),
                mailbox.value()));
    }

    /** Why the mailbox, whose row is locked, cannot forward there; else it does from now on. */
    static Optional<Problem> set(Tx tx, Directory directory, MailboxId mailbox, List<Address> to) throws SQLException {
        if (to.size() > Forwarding.MAX_TARGETS) {
            return Optional.of(new Problem.TooMany("addresses to forward to", Forwarding.MAX_TARGETS));
        }
        for (var address : to) {
            var problem = problemOf(directory.resolve(tx, address), mailbox, address);
            if (problem.isPresent()) {
                return problem;
            }
        }
        tx.update("DELETE FROM forward WHERE mailbox_id = ?", mailbox.value());
        tx.update(
                "INSERT INTO forward (mailbox_id, address) SELECT DISTINCT ?, address FROM unnest(?) address",
                mailbox.value(),
                Addresses.texts(to));
        return Optional.empty();
    }

    private static Optional<Problem> problemOf(Resolution resolution, MailboxId mailbox, Address address) {
        return switch (resolution) {
            case Resolution.Local local
            when local.mailbox().equals(mailbox) ->
                Optional.of(new Problem.Invalid(address + " is this mailbox itself, which keeps a copy or not"));
            case Resolution.Local other -> Optional.empty();
            case Resolution.Leads group -> Optional.empty();
            case Resolution.Elsewhere elsewhere -> Optional.empty();
            case Resolution.NoSuchAddress nobody -> Optional.of(new Problem.NoSuchMailbox(address));
        };
    }
}
