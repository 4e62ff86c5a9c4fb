package org.postern.accounts;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.postern.database.Database;
import org.postern.database.Row;
import org.postern.database.RowReader;
import org.postern.model.Address;
import org.postern.model.ClientAddress;
import org.postern.model.ConnectionId;
import org.postern.model.MailboxId;
import org.postern.model.Protocol;

/** The connections of all nodes, to look at and to end. Works from any process: nodes hear of it by notification. */
public final class Connections {
    /** The most that a list shows. */
    public static final int MAX_LISTED = 100_000;

    private static final RowReader<ConnectionInfo> INFO = Connections::info;

    private final Database database;

    public Connections(Database database) {
        this.database = database;
    }

    /** Oldest first; those of one mailbox, or all. */
    public List<ConnectionInfo> list(Optional<MailboxId> mailbox) {
        return database.once(tx -> tx.list("""
                SELECT c.connection_id, c.mailbox_id, m.address, t.name AS token, c.protocol, c.client_address,
                       c.session_id, n.name AS node, c.opened_at,
                       NOT c.exempt AND c.waits_for IS NULL AND n.lease_until > clock_timestamp() AS counted
                  FROM connection c
                  JOIN node n USING (node_id)
                  JOIN mailbox m USING (mailbox_id)
                  JOIN client_token t USING (token_id)
                 WHERE c.mailbox_id = coalesce(?::bigint, c.mailbox_id)
                 ORDER BY c.opened_at, c.connection_id
                 LIMIT ?
                """, INFO, mailbox.map(MailboxId::value), MAX_LISTED));
    }

    /** Ends one connection; false when there is none. It counts until its node has closed it. */
    public boolean kick(ConnectionId connection) {
        return database.transact(tx -> {
            int kicked = tx.update("UPDATE connection SET kicked = true WHERE connection_id = ?", connection.value());
            if (kicked > 0) {
                new AccessEnd(AccessEnd.Kind.CONNECTION, connection.value())
                        .publish(tx, database.settings().cell());
            }
            return kicked > 0;
        });
    }

    /** Ends all connections of a mailbox; its clients may log in again. Returns how many there were. */
    public Outcome<Integer> kick(Address mailbox) {
        return database.transact(tx -> {
            OptionalLong id = Addresses.mailbox(tx, mailbox);
            if (id.isEmpty()) {
                return Outcome.failed(new Problem.NoSuchMailbox(mailbox));
            }
            var kicked = tx.list(
                    "UPDATE connection SET kicked = true WHERE mailbox_id = ? RETURNING connection_id",
                    row -> row.longValue(1),
                    id.getAsLong());
            for (long connection : kicked) {
                new AccessEnd(AccessEnd.Kind.CONNECTION, connection)
                        .publish(tx, database.settings().cell());
            }
            return Outcome.done(kicked.size());
        });
    }

    private static ConnectionInfo info(Row row) throws SQLException {
        return new ConnectionInfo(
                new ConnectionId(row.longValue("connection_id")),
                new MailboxId(row.longValue("mailbox_id")),
                Addresses.stored(row.text("address")),
                row.text("token"),
                Protocol.of(row.text("protocol")),
                new ClientAddress(row.inet("client_address")),
                row.text("session_id"),
                row.text("node"),
                row.instant("opened_at"),
                row.bool("counted"));
    }
}
