package org.postern.delivery.dkim;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.postern.accounts.ClusterSecrets;
import org.postern.accounts.DomainBorn;
import org.postern.accounts.Outcome;
import org.postern.accounts.Problem;
import org.postern.database.Database;
import org.postern.database.Row;
import org.postern.database.RowReader;
import org.postern.database.Tx;
import org.postern.model.Domain;

/**
 * The keys that sign for our domains: two of each set, RSA for everybody and Ed25519 for those who know it.
 *
 * <p>A new domain's keys are active at once, for there is nothing to overlap with. Rotation has two steps: new keys are prepared,
 * and once their records can be seen they replace the active ones, whose records stay for {@link #OVERLAP}.
 */
public final class DkimKeys {
    /** Longer than a message is tried for, and than most are held for later. */
    public static final Duration OVERLAP = Duration.ofDays(45);

    /** How long a node goes on with the keys that it knows. */
    private static final Duration REMEMBERED = Duration.ofSeconds(10);

    private static final int DOMAINS = 10_000;
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyyMMdd", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final RowReader<DomainKey> KEY = DkimKeys::key;
    private static final String SELECT = """
            SELECT domain, selector, algorithm, state, public_key, prepared_at, activated_at, retired_at FROM dkim_key
            """;

    private final Database database;
    private final ClusterSecrets secrets;
    private final SecureRandom random;
    private final InstantSource clock;
    private final LoadingCache<Domain, List<SigningKey>> signing = Caffeine.newBuilder()
            .expireAfterWrite(REMEMBERED)
            .maximumSize(DOMAINS)
            .build(this::readSigning);

    public DkimKeys(Database database, ClusterSecrets secrets, SecureRandom random, InstantSource clock) {
        this.database = database;
        this.secrets = secrets;
        this.random = random;
        this.clock = clock;
    }

    /** Those that sign now; empty for a domain without. Not inside a transaction. */
    List<SigningKey> signing(Domain domain) {
        return signing.get(domain);
    }

    /** A new domain's first keys: made now, and stored in the transaction that makes the domain. */
    public DomainBorn firstKeys() {
        var pairs = newPairs();
        return (tx, domain) -> store(tx, domain, pairs, KeyState.ACTIVE);
    }

    /** Active ones first, then prepared, then retired. */
    public Outcome<List<DomainKey>> list(Domain domain) {
        return database.read(tx ->
                exists(tx, domain) ? Outcome.done(list(tx, domain)) : Outcome.failed(new Problem.NoSuchDomain(domain)));
    }

    private static List<DomainKey> list(Tx tx, Domain domain) throws SQLException {
        return tx.list(
                SELECT + "WHERE domain = ? ORDER BY state, algorithm DESC, prepared_at DESC", KEY, domain.name());
    }

    /** Makes keys that can be published; those that are prepared already stay. */
    public Outcome<List<DomainKey>> prepare(Domain domain) {
        var pairs = newPairs();
        return database.transact(tx -> {
            if (!exists(tx, domain)) {
                return Outcome.failed(new Problem.NoSuchDomain(domain));
            }
            // One rotation at a time: the second waits here and then sees the first one's keys.
            tx.call("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", "dkim " + domain);
            if (!any(tx, domain, KeyState.PREPARED)) {
                store(tx, domain, pairs, KeyState.PREPARED);
            }
            return Outcome.done(list(tx, domain));
        });
    }

    /**
     * Lets the prepared keys sign from now on, and retires those that did; nothing where none is prepared. What was retired
     * {@link #OVERLAP} ago is forgotten.
     */
    public Outcome<List<DomainKey>> activate(Domain domain) {
        return database.transact(tx -> {
            if (!exists(tx, domain)) {
                return Outcome.failed(new Problem.NoSuchDomain(domain));
            }
            tx.call("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", "dkim " + domain);
            var now = clock.instant();
            if (any(tx, domain, KeyState.PREPARED)) {
                // What cannot sign need not be known.
                tx.update("""
                        UPDATE dkim_key SET state = 'retired', retired_at = ?, private_key = NULL
                         WHERE domain = ? AND state = 'active'
                        """, now, domain.name());
                tx.update(
                        "UPDATE dkim_key SET state = 'active', activated_at = ? WHERE domain = ? AND state = 'prepared'",
                        now,
                        domain.name());
            }
            tx.update(
                    "DELETE FROM dkim_key WHERE domain = ? AND state = 'retired' AND retired_at <= ?",
                    domain.name(),
                    now.minus(OVERLAP));
            return Outcome.done(list(tx, domain));
        });
    }

    private boolean exists(Tx tx, Domain domain) throws SQLException {
        return tx.one(
                "SELECT EXISTS (SELECT FROM directory.domain WHERE name = ? AND cell = ?)",
                row -> row.bool(1),
                domain.name(),
                database.settings().cell());
    }

    private static boolean any(Tx tx, Domain domain, KeyState state) throws SQLException {
        return tx.one(
                "SELECT EXISTS (SELECT FROM dkim_key WHERE domain = ? AND state = ?)",
                row -> row.bool(1),
                domain.name(),
                state.lowerCase());
    }

    /** One of each kind. Takes a second or two: not inside a transaction. */
    private Map<KeyAlgorithm, KeyPair> newPairs() {
        var pairs = new EnumMap<KeyAlgorithm, KeyPair>(KeyAlgorithm.class);
        for (var algorithm : KeyAlgorithm.values()) {
            pairs.put(algorithm, algorithm.generate(random));
        }
        return pairs;
    }

    private void store(Tx tx, Domain domain, Map<KeyAlgorithm, KeyPair> pairs, KeyState state) throws SQLException {
        var now = clock.instant();
        for (var each : pairs.entrySet()) {
            var algorithm = each.getKey();
            var pair = each.getValue();
            var selector = newSelector(tx, domain, algorithm);
            var sealed = secrets.seal(pair.getPrivate().getEncoded(), about(domain, selector));
            tx.update(
                    """
                    INSERT INTO dkim_key (domain, selector, algorithm, state, public_key, private_key, prepared_at, activated_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?::timestamptz)
                    """,
                    domain.name(),
                    selector,
                    algorithm.keyType(),
                    state.lowerCase(),
                    algorithm.published(pair.getPublic()),
                    sealed,
                    now,
                    state == KeyState.ACTIVE ? Optional.of(now) : Optional.empty());
        }
    }

    /** Such as {@code r20300131}, or {@code r20300131-2} for the second of that day. */
    private String newSelector(Tx tx, Domain domain, KeyAlgorithm algorithm) throws SQLException {
        var day = algorithm.keyType().charAt(0) + DAY.format(clock.instant());
        long earlier = tx.one(
                "SELECT count(*) FROM dkim_key WHERE domain = ? AND starts_with(selector, ?)",
                row -> row.longValue(1),
                domain.name(),
                day);
        return earlier == 0 ? day : day + '-' + (earlier + 1);
    }

    private List<SigningKey> readSigning(Domain domain) {
        return database.once(tx -> tx.list(
                "SELECT selector, algorithm, private_key FROM dkim_key WHERE domain = ? AND state = 'active' ORDER BY algorithm DESC",
                row -> {
                    var selector = row.text("selector");
                    var algorithm =
                            KeyAlgorithm.ofKeyType(row.text("algorithm")).orElseThrow();
                    var pkcs8 = secrets.open(row.bytes("private_key"), about(domain, selector));
                    return new SigningKey(domain, selector, algorithm, algorithm.privateKey(pkcs8));
                },
                domain.name()));
    }

    /** Bound into the seal: a key cannot be put under another domain's name. */
    private static String about(Domain domain, String selector) {
        return "dkim " + selector + ' ' + domain;
    }

    private static DomainKey key(Row row) throws SQLException {
        var algorithm = KeyAlgorithm.ofKeyType(row.text("algorithm")).orElseThrow();
        return new DomainKey(
                new Domain(row.text("domain")),
                row.text("selector"),
                algorithm,
                KeyState.of(row.text("state")),
                "v=DKIM1; k=" + algorithm.keyType() + "; p="
                        + Base64.getEncoder().encodeToString(row.bytes("public_key")),
                row.instant("prepared_at"),
                row.optionalInstant("activated_at"),
                row.optionalInstant("retired_at"));
    }
}
