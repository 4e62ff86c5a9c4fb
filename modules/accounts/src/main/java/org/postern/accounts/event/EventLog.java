package org.postern.accounts.event;

import java.net.InetAddress;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.postern.database.Database;
import org.postern.database.Row;
import org.postern.database.RowReader;
import org.postern.database.Tx;
import org.postern.model.AccountId;
import org.postern.model.Address;
import org.postern.model.ClientAddress;
import org.postern.model.MailboxId;
import org.postern.model.Protocol;
import org.postern.model.TokenId;

/** Reads what has happened, for support: from an address and a time to the reason. */
public final class EventLog {
    /** The most that one question is answered with: the newest. */
    public static final int MAX_LISTED = 10_000;

    /** Why a login was not admitted; the reason of an {@code auth-failed} is in its detail. */
    public static final Set<String> LOGIN_FAILURES =
            Set.of("auth-failed", "scope-missing", "cap-reached", "in-use", "login-delay", "unavailable");

    private static final RowReader<RecordedEvent> EVENT = EventLog::event;

    private final Database database;

    /**
     * What is asked for.
     *
     * @param address of a mailbox, or as it was typed when nobody has it; empty for all
     * @param cases empty for all
     * @param max 1 to {@link #MAX_LISTED}
     */
    public record Query(Optional<Address> address, Set<String> cases, Instant since, int max) {
        public Query {
            cases = Set.copyOf(cases);
            if (max < 1 || max > MAX_LISTED) {
                throw new IllegalArgumentException("1 to " + MAX_LISTED + " events can be listed: " + max);
            }
        }
    }

    public EventLog(Database database) {
        this.database = database;
    }

    /** Oldest first. */
    public List<RecordedEvent> list(Query query) {
        return database.read(tx ->
                query.address().isPresent() ? about(tx, query, query.address().get()) : all(tx, query));
    }

    private static final String COLUMNS = """
            SELECT e.event_id, e.at, e.case_name, e.account_id, e.mailbox_id, e.address, e.token_id, e.protocol,
                   e.client_address, e.session_id,
                   ARRAY(SELECT k FROM jsonb_object_keys(e.detail) k ORDER BY k) AS names,
                   ARRAY(SELECT e.detail ->> k FROM jsonb_object_keys(e.detail) k ORDER BY k) AS texts
            """;

    private static List<RecordedEvent> all(Tx tx, Query query) throws SQLException {
        return tx.list(COLUMNS + """
                  FROM event e
                 WHERE e.at >= ? AND (? OR e.case_name = ANY (?))
                 ORDER BY e.at DESC, e.event_id DESC
                 LIMIT ?
                """, EVENT, query.since(), query.cases().isEmpty(), cases(query), query.max())
                .reversed();
    }

    /** Two questions of one index each: those of the mailbox, and those of the address before anybody had it. */
    private static List<RecordedEvent> about(Tx tx, Query query, Address address) throws SQLException {
        return tx.list(
                        COLUMNS + """
                  FROM (SELECT * FROM event WHERE mailbox_id = ?::bigint AND at >= ?
                         UNION ALL
                        SELECT * FROM event WHERE lower(address) = ? AND at >= ?) e
                 WHERE ? OR e.case_name = ANY (?)
                 ORDER BY e.at DESC, e.event_id DESC
                 LIMIT ?
                """,
                        EVENT,
                        mailbox(tx, address),
                        query.since(),
                        folded(address),
                        query.since(),
                        query.cases().isEmpty(),
                        cases(query),
                        query.max())
                .reversed();
    }

    private static OptionalLong mailbox(Tx tx, Address address) throws SQLException {
        var found = tx.first(
                "SELECT mailbox_id FROM directory.address WHERE domain = ? AND local_part = ?",
                row -> row.longValue(1),
                address.domain().name(),
                address.foldedLocalPart());
        return found.map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }

    private static String folded(Address address) {
        return address.foldedLocalPart() + '@' + address.domain();
    }

    private static String[] cases(Query query) {
        return query.cases().toArray(String[]::new);
    }

    private static RecordedEvent event(Row row) throws SQLException {
        var event = new Event(
                row.text("case_name"),
                row.instant("at"),
                number(row, "account_id").map(AccountId::new),
                number(row, "mailbox_id").map(MailboxId::new),
                row.optionalText("address"),
                number(row, "token_id").map(TokenId::new),
                row.optionalText("protocol").map(Protocol::of),
                row.optionalInet("client_address").map((InetAddress inet) -> new ClientAddress(inet)),
                row.optionalText("session_id"),
                detail(row.texts("names"), row.texts("texts")));
        return new RecordedEvent(row.longValue("event_id"), event);
    }

    private static Optional<Long> number(Row row, String column) throws SQLException {
        var number = row.optionalLong(column);
        return number.isPresent() ? Optional.of(number.getAsLong()) : Optional.empty();
    }

    private static Map<String, String> detail(List<String> names, List<String> texts) {
        var detail = new HashMap<String, String>();
        for (int i = 0; i < names.size(); i++) {
            detail.put(names.get(i), texts.get(i));
        }
        return detail;
    }
}
