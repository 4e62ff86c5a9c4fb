package org.postern.accounts;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;
import org.postern.database.Database;
import org.postern.database.Row;
import org.postern.model.ConnectionCap.AtCap;
import org.postern.model.Pop3Rules;
import org.postern.model.Protocol;

/** The rows of one node in the table of all connections: what the caps count. */
final class ConnectionSlots {
    /** No statement that opens a connection lives this long: a row that is older and unknown here is nobody's. */
    private static final Duration SETTLED = Duration.ofSeconds(30);

    private final Database database;
    private final UUID node;
    private final String channel;

    /**
     * What {@code open_connection} or {@code open_pop3_connection} answers.
     *
     * @param reached which cap, where one is full or somebody must make room; else empty
     * @param left until POP3 may come again, when it came too soon
     */
    record Opened(String result, long id, String reached, int openNow, Duration left) {
        private static Opened read(Row row) throws SQLException {
            return new Opened(
                    row.text("result"),
                    row.optionalLong("opened").orElse(0),
                    row.optionalText("reached").orElse(""),
                    (int) row.optionalLong("open_now").orElse(0),
                    Duration.ofSeconds(row.optionalLong("wait_seconds").orElse(0)));
        }
    }

    /**
     * What the database says of a connection.
     *
     * @param settled whether whoever opened it must know of it by now
     * @param allowed whether it may still be here
     * @param replaced whether that is because another one waits for its slot
     * @param waiting whether it waits for the slot of another one
     */
    record Checked(long id, boolean settled, boolean allowed, boolean replaced, boolean waiting) {}

    ConnectionSlots(Database database, UUID node) {
        this.database = database;
        this.node = node;
        this.channel = AccessEnd.channel(database.settings().cell());
    }

    /**
     * Takes a slot, where cap and rules leave one: one round trip, decided under the mailbox's lock. Nothing is decided where the
     * slot is not to have an owner.
     *
     * @param spare the connection whose slot the holder is to have, if it still is this node's: no cap is looked at then
     */
    Optional<Opened> open(
            SlotOwner owner, LoginAttempt attempt, SlotHolder holder, OptionalLong spare, Pop3Rules pop3) {
        return attempt.protocol() == Protocol.POP3
                ? openPop3(owner, attempt, holder, pop3)
                : open(owner, attempt, holder, spare);
    }

    private Optional<Opened> open(SlotOwner owner, LoginAttempt attempt, SlotHolder holder, OptionalLong spare) {
        return open(
                owner,
                "NULL::int AS wait_seconds",
                "open_connection(?, w.mailbox_id, w.token_id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::bigint)",
                Stream.of(node, attempt.protocol().lowerCase()),
                counted(attempt, holder),
                Stream.of(spare));
    }

    private Optional<Opened> openPop3(SlotOwner owner, LoginAttempt attempt, SlotHolder holder, Pop3Rules rules) {
        return open(
                owner,
                "o.wait_seconds",
                "open_pop3_connection(?, w.mailbox_id, w.token_id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::interval)",
                Stream.of(node),
                counted(attempt, holder),
                Stream.of(
                        rules.singleSession(),
                        rules.loginDelay().orElse(Duration.ZERO).toSeconds() + " seconds"));
    }

    /** From {@code p_client} to {@code p_channel}. */
    private Stream<Object> counted(LoginAttempt attempt, SlotHolder holder) {
        var cap = holder.cap();
        return Stream.of(
                attempt.client().inet(),
                attempt.client().network().inet(),
                holder.exempt(),
                attempt.sessionId(),
                cap.perClientAddress(),
                cap.perMailbox(),
                cap.perToken(),
                cap.atCap() == AtCap.END_LONGEST_IDLE,
                channel);
    }

    /** Only when all that the owner's query asks is answered is the function called: {@code OFFSET 0} keeps them apart. */
    private Optional<Opened> open(SlotOwner owner, String waitSeconds, String function, Stream<?>... params) {
        var sql = "SELECT o.result, o.opened, o.reached, o.open_now, " + waitSeconds + " FROM (" + owner.sql()
                + " OFFSET 0) w CROSS JOIN LATERAL " + function + " o";
        var all = Stream.concat(owner.params().stream(), Stream.of(params).flatMap(each -> each))
                .toArray();
        return database.once(tx -> tx.first(sql, Opened::read, all));
    }

    /** Frees slots, or hands them to those who wait for them. */
    void close(Collection<Long> ids) {
        var array = ids.stream().mapToLong(Long::longValue).toArray();
        database.once(tx -> tx.one("SELECT close_connections(?, ?, ?)", row -> true, node, array, channel));
    }

    List<Checked> check() {
        return database.once(tx -> tx.list(
                """
                SELECT c.connection_id,
                       c.opened_at < clock_timestamp() - ?::interval AS settled,
                       NOT c.kicked AND t.token_id IS NOT NULL
                       AND t.revoked_at IS NULL AND coalesce(t.expires_at > clock_timestamp(), true)
                       AND coalesce(m.status = 'active' AND a.status = 'active', false)
                       AND coalesce((SELECT s.allowed = (s.effective_at <= clock_timestamp())
                                       FROM access_switch s
                                      WHERE s.mailbox_id = c.mailbox_id AND s.protocol = c.protocol), true) AS allowed,
                       EXISTS (SELECT FROM connection w WHERE w.waits_for = c.connection_id) AS replaced,
                       c.waits_for IS NOT NULL AS waiting
                  FROM connection c
                  LEFT JOIN client_token t ON t.token_id = c.token_id
                  LEFT JOIN mailbox m ON m.mailbox_id = c.mailbox_id
                  LEFT JOIN account a ON a.account_id = m.account_id
                 WHERE c.node_id = ?
                """,
                row -> new Checked(row.longValue(1), row.bool(2), row.bool(3), row.bool(4), row.bool(5)),
                NodeLease.interval(SETTLED),
                node));
    }

    /** Notes how long each of these has been idle, for whoever must choose between them. */
    void noteIdle(List<Access> active) {
        var ids = active.stream().mapToLong(access -> access.id().value()).toArray();
        var idle = active.stream().mapToLong(access -> access.idle().toMillis()).toArray();
        database.once(tx -> tx.update("""
                UPDATE connection c SET active_at = clock_timestamp() - i.idle * interval '1 ms'
                  FROM unnest(?::bigint[], ?::bigint[]) AS i (id, idle)
                 WHERE c.connection_id = i.id AND c.node_id = ?
                """, ids, idle, node));
    }
}
