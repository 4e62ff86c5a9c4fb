package org.postern.accounts;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.postern.database.Database;
import org.postern.model.AccountId;
import org.postern.model.Address;
import org.postern.model.MailboxId;
import org.postern.model.PlanName;
import org.postern.model.Protocol;
import org.postern.model.TokenId;

/**
 * All that a login is decided by: whose the address is, and whose the secret. Two statements in one flight, always both:
 * neither joins the directory with the cell, and a stranger learns nothing from which one finds nothing. Of a login that
 * was let in before, {@linkplain #unchanged one condition} says whether all of that is as it was.
 */
final class LoginQuery {
    private static final String ADDRESSEE =
            "SELECT a.mailbox_id FROM directory.address a WHERE a.domain = ? AND a.local_part = ?;";

    private static final String SWITCHED_ON = """
            (SELECT s.allowed = (s.effective_at <= clock_timestamp())
               FROM access_switch s
              WHERE s.mailbox_id = m.mailbox_id AND s.protocol = ?)""";

    private static final String HOLDER = """
            SELECT t.token_id, t.name, t.scope, t.revoked_at IS NOT NULL AS revoked,
                   coalesce(t.expires_at <= clock_timestamp(), false) AS expired,
                   m.mailbox_id, m.address, m.status <> 'active' AS paused,
                   a.account_id, a.status <> 'active' AS suspended, a.plan,
                   %s AS switched_on,
                   %s AS overrides
            """.formatted(SWITCHED_ON, Entitlements.OVERRIDES);

    private static final String KEYS = """
            , t.scram_dashed_stored_key, t.scram_dashed_server_key, t.cram_md5_dashed_state,
              t.scram_plain_stored_key, t.scram_plain_server_key, t.cram_md5_plain_state
            """;

    private static final String FROM = """
              FROM client_token t
              JOIN mailbox m ON m.mailbox_id = t.mailbox_id
              JOIN account a ON a.account_id = m.account_id
            """;

    private static final String BY_SECRET = ADDRESSEE + HOLDER + FROM + " WHERE t.secret_sha256 = ?";

    /** The cell knows a mailbox by its own address only: who computes a proof logs in by that, not by an alias. */
    private static final String BY_MAILBOX =
            ADDRESSEE + HOLDER + KEYS + FROM + " WHERE lower(m.address) = lower(?) AND t.revoked_at IS NULL";

    /** What only forbids is asked again; what Java goes on with is compared. The directory is asked by itself here, too. */
    private static final String UNCHANGED = "SELECT m.mailbox_id, t.token_id" + FROM
            + """
             WHERE t.secret_sha256 = ? AND t.token_id = ? AND t.name = ? AND ? = ANY (t.scope)
               AND t.revoked_at IS NULL AND coalesce(t.expires_at > clock_timestamp(), true)
               AND m.mailbox_id = ? AND m.address = ? AND m.status = 'active'
               AND a.account_id = ? AND a.plan = ? AND a.status = 'active'
               AND m.mailbox_id =
                   (SELECT d.mailbox_id FROM directory.address d WHERE d.domain = ? AND d.local_part = ?)
               AND %s IS NOT DISTINCT FROM ?::boolean
               AND %s = %s
            """.formatted(SWITCHED_ON, Entitlements.OVERRIDDEN, Overrides.JSONB);

    private final Database database;

    /**
     * @param addressee the mailbox that has the address, if one has
     * @param holder whose the secret is, if it is anybody's
     * @param counterProof how the server shows that it knows the secret too, where the mechanism has it so
     */
    record Found(OptionalLong addressee, Optional<Holder> holder, Optional<byte[]> counterProof) {}

    /**
     * Whose the secret is.
     *
     * @param switchedOn what the access switch says; empty when nobody has touched it, and the plan decides
     * @param overrides of account and mailbox
     */
    record Holder(
            Identity who,
            Set<Protocol> scope,
            boolean revoked,
            boolean expired,
            boolean paused,
            boolean suspended,
            Optional<Boolean> switchedOn,
            PlanName plan,
            Overrides overrides) {
        PlanTerms terms() {
            return new PlanTerms(plan, overrides);
        }
    }

    private record Candidate(Holder holder, TokenKeys keys) {}

    LoginQuery(Database database) {
        this.database = database;
    }

    /** @param address empty when what was typed is none: the same is asked then */
    Found find(Optional<Address> address, Proof proof, Protocol protocol) {
        return switch (proof) {
            case Proof.Secret(var typed) ->
                ask(
                        BY_SECRET,
                        address,
                        protocol,
                        statement ->
                                statement.setBytes(4, TokenSecret.typed(typed).sha256()),
                        LoginQuery::holder);
            case Proof.Computed computed ->
                ask(
                        BY_MAILBOX,
                        address,
                        protocol,
                        statement -> statement.setString(
                                4, address.map(Address::toString).orElse("")),
                        (addressee, rows) -> provenBy(computed, addressee, candidates(rows)));
        };
    }

    /** Who is to have a slot, as long as all that the claim was decided by is as it was. */
    static SlotOwner unchanged(LoginClaim claim) {
        var who = claim.holder().who();
        var address = claim.address().orElseThrow();
        var protocol = claim.attempt().protocol().lowerCase();
        return new SlotOwner(
                who,
                UNCHANGED,
                List.of(
                        claim.attempt().proof().secretSha256().orElseThrow(),
                        who.token().value(),
                        who.tokenName(),
                        protocol,
                        who.mailbox().value(),
                        who.address().toString(),
                        who.account().value(),
                        claim.holder().plan().value(),
                        address.domain().name(),
                        address.foldedLocalPart(),
                        protocol,
                        claim.holder().switchedOn(),
                        claim.holder().overrides().keys(),
                        claim.holder().overrides().values()));
    }

    @FunctionalInterface
    private interface LastParameter {
        void set(PreparedStatement statement) throws SQLException;
    }

    @FunctionalInterface
    private interface Reading {
        Found read(OptionalLong addressee, ResultSet rows) throws SQLException;
    }

    private Found ask(String sql, Optional<Address> address, Protocol protocol, LastParameter last, Reading reading) {
        return database.once(tx -> {
            try (var statement = tx.jdbc().prepareStatement(sql)) {
                statement.setString(1, address.map(a -> a.domain().name()).orElse(""));
                statement.setString(2, address.map(Address::foldedLocalPart).orElse(""));
                statement.setString(3, protocol.lowerCase());
                last.set(statement);
                statement.execute();
                var addressee = addressee(statement);
                if (!statement.getMoreResults()) {
                    throw new IllegalStateException("two statements have two results");
                }
                try (var rows = statement.getResultSet()) {
                    return reading.read(addressee, rows);
                }
            }
        });
    }

    private static OptionalLong addressee(PreparedStatement statement) throws SQLException {
        try (var rows = statement.getResultSet()) {
            return rows.next() ? OptionalLong.of(rows.getLong(1)) : OptionalLong.empty();
        }
    }

    private static Found holder(OptionalLong addressee, ResultSet rows) throws SQLException {
        var holder = rows.next() ? Optional.of(read(rows)) : Optional.<Holder>empty();
        return new Found(addressee, holder, Optional.empty());
    }

    private static List<Candidate> candidates(ResultSet rows) throws SQLException {
        var candidates = new ArrayList<Candidate>();
        while (rows.next()) {
            candidates.add(new Candidate(read(rows), new TokenKeys(spelling(rows, "dashed"), spelling(rows, "plain"))));
        }
        return candidates;
    }

    private static TokenKeys.Spelling spelling(ResultSet rows, String how) throws SQLException {
        return new TokenKeys.Spelling(
                new ScramKeys(
                        rows.getBytes("scram_" + how + "_stored_key"), rows.getBytes("scram_" + how + "_server_key")),
                Optional.ofNullable(rows.getBytes("cram_md5_" + how + "_state")).map(CramMd5Keys::new));
    }

    /** A proof that fits no token takes as long as one that is tried against as many as a mailbox may have. */
    private static Found provenBy(Proof.Computed proof, OptionalLong addressee, List<Candidate> candidates) {
        for (var candidate : candidates) {
            var spelling = candidate.keys().answeredBy(proof);
            if (spelling.isPresent()) {
                return new Found(
                        addressee,
                        Optional.of(candidate.holder()),
                        spelling.get().counterProof(proof));
            }
        }
        boolean anybodys = false;
        for (int tried = candidates.size(); tried < Tokens.MAX_LIVE; tried++) {
            anybodys |= TokenKeys.NOBODYS.answeredBy(proof).isPresent();
        }
        if (anybodys) {
            throw new IllegalStateException("no proof comes from no secret");
        }
        return new Found(addressee, Optional.empty(), Optional.empty());
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
                switchedOn(rows),
                new PlanName(rows.getString("plan")),
                Overrides.of(List.of((String[]) rows.getArray("overrides").getArray())));
    }

    private static Optional<Boolean> switchedOn(ResultSet rows) throws SQLException {
        boolean on = rows.getBoolean("switched_on");
        return rows.wasNull() ? Optional.empty() : Optional.of(on);
    }

    static Set<Protocol> scope(String[] names) {
        var scope = EnumSet.noneOf(Protocol.class);
        for (var name : names) {
            scope.add(Protocol.of(name));
        }
        return scope;
    }
}
