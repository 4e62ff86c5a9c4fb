package org.postern.accounts;

import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.database.Database;
import org.postern.database.Row;
import org.postern.database.Tx;
import org.postern.model.Address;
import org.postern.model.ClientAddress;
import org.postern.model.Protocol;
import org.postern.model.TokenId;

/** Client tokens: made, listed, revoked. A secret is seen once, when it is made; what is kept can not be turned back. */
public final class Tokens {
    public static final int MAX_NAME_LENGTH = 60;
    public static final int MAX_LIVE = 100;

    private static final String SELECT = """
            SELECT token_id, name, scope, cram_md5_plain_state IS NOT NULL AS cram_md5, created_at, expires_at, revoked_at
              FROM client_token
            """;

    private final Database database;
    private final ClusterSecrets secrets;
    private final SecureRandom random;

    public Tokens(Database database, ClusterSecrets secrets, SecureRandom random) {
        this.database = database;
        this.secrets = secrets;
        this.random = random;
    }

    private record Mailbox(long id, Address address) {}

    /** @param mailbox its own address or an alias */
    public Outcome<NewToken> create(Address mailbox, TokenRequest request) {
        if (!Labels.isLabel(request.name(), MAX_NAME_LENGTH) || isNumber(request.name())) {
            return Outcome.failed(new Problem.Invalid(
                    "a token's name is 1 to " + MAX_NAME_LENGTH + " printable characters and not just a number"));
        }
        if (request.scope().isEmpty()) {
            return Outcome.failed(new Problem.Invalid("a token's scope has at least one protocol"));
        }
        var found = database.read(tx -> find(tx, mailbox));
        if (found.isEmpty()) {
            return Outcome.failed(new Problem.NoSuchMailbox(mailbox));
        }
        // Deriving keys takes milliseconds: done before any lock is held.
        var secret = TokenSecret.generate(random);
        var keys = TokenKeys.of(secret, secrets.scramSalt(found.get().address()), request.cramMd5());
        return database.transact(tx -> insert(tx, found.get(), request, secret, keys));
    }

    private static Outcome<NewToken> insert(
            Tx tx, Mailbox mailbox, TokenRequest request, TokenSecret secret, TokenKeys keys) throws SQLException {
        // One at a time for each mailbox: the tokens counted stay as many until this one is there.
        tx.call("SELECT FROM mailbox WHERE mailbox_id = ? FOR NO KEY UPDATE", mailbox.id());
        int live = tx.one(
                "SELECT count(*) FROM client_token WHERE mailbox_id = ? AND revoked_at IS NULL",
                row -> row.intValue(1),
                mailbox.id());
        if (live >= MAX_LIVE) {
            return Outcome.failed(new Problem.TooMany("client tokens of " + mailbox.address(), MAX_LIVE));
        }
        if (request.expiresAt().isPresent() && isOver(tx, request)) {
            return Outcome.failed(new Problem.Invalid("a token's expiry lies in the future"));
        }
        var id = tx.first(
                """
                INSERT INTO client_token (mailbox_id, name, secret_sha256, scope, expires_at, scram_iterations,
                                          scram_dashed_stored_key, scram_dashed_server_key, cram_md5_dashed_state,
                                          scram_plain_stored_key, scram_plain_server_key, cram_md5_plain_state)
                VALUES (?, ?, ?, ?, ?::timestamptz, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (mailbox_id, lower(name)) WHERE revoked_at IS NULL DO NOTHING
                RETURNING token_id
                """,
                row -> new TokenId(row.longValue(1)),
                mailbox.id(),
                request.name(),
                secret.sha256(),
                request.scope().stream().sorted().map(Protocol::lowerCase).toArray(String[]::new),
                request.expiresAt(),
                Proof.Scram.ITERATIONS,
                keys.dashed().scram().storedKey(),
                keys.dashed().scram().serverKey(),
                keys.dashed().cramMd5().map(CramMd5Keys::states),
                keys.plain().scram().storedKey(),
                keys.plain().scram().serverKey(),
                keys.plain().cramMd5().map(CramMd5Keys::states));
        return id.isPresent()
                ? Outcome.done(new NewToken(id.get(), request.name(), secret.dashed()))
                : Outcome.failed(new Problem.AlreadyExists("client token " + request.name()));
    }

    private static boolean isOver(Tx tx, TokenRequest request) throws SQLException {
        return tx.one(
                "SELECT ?::timestamptz <= clock_timestamp()",
                row -> row.bool(1),
                request.expiresAt().orElseThrow());
    }

    /** Oldest first; revoked ones too. */
    public Outcome<List<TokenInfo>> list(Address mailbox) {
        return database.read(tx -> {
            var found = find(tx, mailbox);
            if (found.isEmpty()) {
                return Outcome.failed(new Problem.NoSuchMailbox(mailbox));
            }
            var uses = uses(tx, found.get().id());
            return Outcome.done(tx.list(
                    SELECT + "WHERE mailbox_id = ? ORDER BY token_id",
                    row -> info(row, uses),
                    found.get().id()));
        });
    }

    /** @param token its name, without regard to case, or its id; live connections end at once, cluster-wide */
    public Outcome<TokenInfo> revoke(Address mailbox, String token) {
        return database.transact(tx -> {
            var found = find(tx, mailbox);
            if (found.isEmpty()) {
                return Outcome.failed(new Problem.NoSuchMailbox(mailbox));
            }
            var revoked = tx.first("""
                    UPDATE client_token SET revoked_at = clock_timestamp()
                     WHERE mailbox_id = ? AND revoked_at IS NULL AND (lower(name) = lower(?) OR token_id = ?::bigint)
                    RETURNING token_id
                    """, row -> row.longValue(1), found.get().id(), token.strip(), id(token.strip()));
            if (revoked.isEmpty()) {
                return Outcome.failed(new Problem.NoSuchToken(found.get().address(), token));
            }
            new AccessEnd(AccessEnd.Kind.TOKEN, revoked.get())
                    .publish(tx, database.settings().cell());
            var uses = uses(tx, found.get().id());
            return Outcome.done(tx.one(SELECT + "WHERE token_id = ?", row -> info(row, uses), revoked.get()));
        });
    }

    private static Optional<Mailbox> find(Tx tx, Address address) throws SQLException {
        var id = Addresses.mailbox(tx, address);
        return id.isEmpty()
                ? Optional.empty()
                : tx.first(
                        "SELECT mailbox_id, address FROM mailbox WHERE mailbox_id = ?",
                        row -> new Mailbox(row.longValue(1), Addresses.stored(row.text(2))),
                        id.getAsLong());
    }

    private static Map<Long, List<TokenInfo.Use>> uses(Tx tx, long mailbox) throws SQLException {
        var uses = new HashMap<Long, List<TokenInfo.Use>>();
        tx.list(
                        """
                        SELECT u.token_id, u.protocol, u.used_at, u.client_address
                          FROM token_use u JOIN client_token t USING (token_id)
                         WHERE t.mailbox_id = ?
                         ORDER BY u.token_id, u.used_at DESC
                        """,
                        row -> Map.entry(
                                row.longValue(1),
                                new TokenInfo.Use(
                                        Protocol.of(row.text(2)), row.instant(3), new ClientAddress(row.inet(4)))),
                        mailbox)
                .forEach(use -> uses.computeIfAbsent(use.getKey(), id -> new ArrayList<>())
                        .add(use.getValue()));
        return uses;
    }

    private static TokenInfo info(Row row, Map<Long, List<TokenInfo.Use>> uses) throws SQLException {
        long id = row.longValue("token_id");
        return new TokenInfo(
                new TokenId(id),
                row.text("name"),
                LoginQuery.scope(row.texts("scope").toArray(String[]::new)),
                row.bool("cram_md5"),
                row.instant("created_at"),
                row.optionalInstant("expires_at"),
                row.optionalInstant("revoked_at"),
                uses.getOrDefault(id, List.of()));
    }

    /** Names that are numbers would be taken for ids. */
    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static Optional<Long> id(String token) {
        return isNumber(token) ? Optional.of(Long.parseLong(token)) : Optional.empty();
    }
}
