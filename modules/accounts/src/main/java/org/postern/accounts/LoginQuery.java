package org.postern.accounts;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.postern.database.Database;
import org.postern.database.Tx;
import org.postern.model.AccountId;
import org.postern.model.Address;
import org.postern.model.MailboxId;
import org.postern.model.PlanName;
import org.postern.model.Protocol;
import org.postern.model.TokenId;

/**
 * All that a login is decided by: whose the address is, and whose the secret. Two statements in one flight, always both:
 * neither joins the directory with the cell, and a stranger learns nothing from which one finds nothing.
 */
final class LoginQuery {
    private static final String SQL = """
            SELECT a.mailbox_id FROM directory.address a WHERE a.domain = ? AND a.local_part = ?;
            SELECT t.token_id, t.name, t.scope, t.revoked_at IS NOT NULL AS revoked,
                   coalesce(t.expires_at <= clock_timestamp(), false) AS expired,
                   m.mailbox_id, m.address, m.status <> 'active' AS paused,
                   a.account_id, a.status <> 'active' AS suspended, a.plan,
                   coalesce((SELECT s.allowed = (s.effective_at <= clock_timestamp())
                               FROM access_switch s
                              WHERE s.mailbox_id = m.mailbox_id AND s.protocol = ?), true) AS switched_on,
                   %s AS overrides
              FROM client_token t
              JOIN mailbox m ON m.mailbox_id = t.mailbox_id
              JOIN account a ON a.account_id = m.account_id
             WHERE t.secret_sha256 = ?
            """.formatted(Entitlements.OVERRIDES);

    private final Database database;

    /** @param addressee the mailbox that has the address, if one has */
    record Found(OptionalLong addressee, Optional<Holder> holder) {}

    /** Whose the secret is. */
    record Holder(
            Identity who,
            Set<Protocol> scope,
            boolean revoked,
            boolean expired,
            boolean paused,
            boolean suspended,
            boolean switchedOn,
            PlanName plan,
            Overrides overrides) {}

    LoginQuery(Database database) {
        this.database = database;
    }

    /** @param address empty when what was typed is none: the same is asked then */
    Found find(Optional<Address> address, TokenSecret secret, Protocol protocol) {
        var domain = address.map(a -> a.domain().name()).orElse("");
        var localPart = address.map(Address::foldedLocalPart).orElse("");
        return database.once(tx -> find(tx, domain, localPart, secret.sha256(), protocol));
    }

    private static Found find(Tx tx, String domain, String localPart, byte[] sha256, Protocol protocol)
            throws SQLException {
        try (var statement = tx.jdbc().prepareStatement(SQL)) {
            statement.setString(1, domain);
            statement.setString(2, localPart);
            statement.setString(3, protocol.lowerCase());
            statement.setBytes(4, sha256);
            statement.execute();
            return new Found(addressee(statement), holder(statement));
        }
    }

    private static OptionalLong addressee(PreparedStatement statement) throws SQLException {
        try (var rows = statement.getResultSet()) {
            return rows.next() ? OptionalLong.of(rows.getLong(1)) : OptionalLong.empty();
        }
    }

    private static Optional<Holder> holder(PreparedStatement statement) throws SQLException {
        if (!statement.getMoreResults()) {
            throw new IllegalStateException("two statements have two results");
        }
        try (var rows = statement.getResultSet()) {
            return rows.next() ? Optional.of(read(rows)) : Optional.empty();
        }
    }

    private static Holder read(ResultSet rows) throws SQLException {
        var who = new Identity(
                new MailboxId(rows.getLong("mailbox_id")),
                new AccountId(rows.getLong("account_id")),
                Addresses.stored(rows.getString("address")),
                new TokenId(rows.getLong("token_id")),
                rows.getString("name"));
        return new Holder(
                who,
                scope((String[]) rows.getArray("scope").getArray()),
                rows.getBoolean("revoked"),
                rows.getBoolean("expired"),
                rows.getBoolean("paused"),
                rows.getBoolean("suspended"),
                rows.getBoolean("switched_on"),
                new PlanName(rows.getString("plan")),
                new Overrides(List.of((String[]) rows.getArray("overrides").getArray())));
    }

    static Set<Protocol> scope(String[] names) {
        var scope = EnumSet.noneOf(Protocol.class);
        for (var name : names) {
            scope.add(Protocol.of(name));
        }
        return scope;
    }
}
