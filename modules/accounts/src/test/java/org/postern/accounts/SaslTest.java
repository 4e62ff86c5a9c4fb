package org.postern.accounts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.accounts.World.done;
import static org.postern.accounts.World.in;
import static org.postern.accounts.World.out;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.accounts.sasl.Sasl;
import org.postern.accounts.sasl.SaslClient;
import org.postern.accounts.sasl.SaslStep;
import org.postern.database.Notifications;
import org.postern.model.Protocol;
import org.postern.model.Refusal;
import org.postern.testkit.Certificates;
import org.postern.testkit.CramMd5Client;
import org.postern.testkit.ScramClient;
import org.postern.testkit.ScratchDatabase;

@DisplayName("A SASL exchange")
class SaslTest {
    @RegisterExtension
    static final ScratchDatabase SCRATCH = new ScratchDatabase();

    private static final Certificates SHOWN = Certificates.selfSigned("localhost");
    private static final SaslClient UNBOUND =
            new SaslClient(Protocol.IMAP, World.HOME, "session", Optional.empty(), false);
    private static final SaslClient BOUND =
            new SaslClient(Protocol.IMAP, World.HOME, "session", Optional.of(endPoint()), true);

    private static World world;
    private static Notifications notifications;
    private static AccountsNode node;
    private static Sasl sasl;
    private static String secret;

    @BeforeAll
    static void start() {
        world = new World(SCRATCH.database());
        notifications = SCRATCH.database().listen();
        node = world.node(SCRATCH.database(), notifications, LeaseSettings.of("test"));
        sasl = node.sasl();
        world.mailbox("Ann");
        world.token("ann", "Tablet");
        secret = done(world.tokens.create(
                        World.address("ann"), TokenRequest.named("Phone").withCramMd5()))
                .secret();
        world.token("ann", "Laptop");
        done(world.mailboxes.addAlias(World.address("info"), World.address("ann")));
    }

    @AfterAll
    static void stop() {
        node.close();
        notifications.close();
    }

    @AfterEach
    void allAreOut() {
        assertThat(node.registry().size()).isZero();
        world.database.once(tx -> tx.update("DELETE FROM login_failure"));
    }

    private static byte[] endPoint() {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(SHOWN.certificate().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Logs in by SCRAM-SHA-256. */
    static Access scram(Sasl sasl, String user, String secret) {
        return in(decided(scram(sasl, "SCRAM-SHA-256", ScramClient.bare(user, secret), UNBOUND)));
    }

    /** Plays SCRAM to its end, as far as the server lets it. */
    private static SaslStep scram(Sasl sasl, String mechanism, ScramClient scram, SaslClient client) {
        var first = sasl.begin(mechanism, Optional.of(scram.first()), client).orElseThrow();
        if (!(first instanceof SaslStep.Ask challenge)) {
            return first;
        }
        if (!(challenge.answer(scram.last(challenge.challenge())) instanceof SaslStep.Ask last)) {
            return challenge.answer(scram.last(challenge.challenge()));
        }
        assertThat(scram.trusts(last.challenge())).isTrue();
        return last.answer("");
    }

    private static LoginOutcome decided(SaslStep step) {
        assertThat(step).isInstanceOf(SaslStep.Decided.class);
        return ((SaslStep.Decided) step).outcome();
    }

    private static SaslStep.Ask asked(Optional<SaslStep> step) {
        assertThat(step).get().isInstanceOf(SaslStep.Ask.class);
        return (SaslStep.Ask) step.orElseThrow();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static String decoded(SaslStep.Ask step) {
        return new String(Base64.getDecoder().decode(step.challenge()), UTF_8);
    }

    @Test
    @DisplayName(
            "is offered with channel binding where there is one, by CRAM-MD5 where it is switched on, by no other name")
    void offers() {
        assertThat(sasl.offeredTo(UNBOUND)).containsExactly("SCRAM-SHA-256", "PLAIN", "LOGIN");
        assertThat(sasl.offeredTo(BOUND))
                .containsExactly("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "PLAIN", "LOGIN", "CRAM-MD5");
        for (var none : List.of("SCRAM-SHA-256-PLUS", "CRAM-MD5", "SCRAM-SHA-1", "")) {
            assertThat(sasl.begin(none, Optional.empty(), UNBOUND)).isEmpty();
        }
    }

    @Test
    @DisplayName("RFC 4616, LOGIN: asked, with an initial response, in lower case; cancelled; damaged")
    void plain() {
        var plain = base64("\0ann@example.org\0" + secret);
        in(decided(sasl.begin("plain", Optional.of(plain), UNBOUND).orElseThrow()))
                .close();
        in(decided(asked(sasl.begin("PLAIN", Optional.empty(), UNBOUND)).answer(plain)))
                .close();
        var login = asked(sasl.begin("LOGIN", Optional.of(base64("ann@example.org")), UNBOUND));
        assertThat(decoded(login)).isEqualTo("Password:");
        in(decided(login.answer(base64(secret)))).close();
        assertThat(login.answer("*")).isInstanceOf(SaslStep.Cancelled.class);
        for (var damaged : List.of("!", "=", "gA==", base64("ann"))) {
            assertThat(sasl.begin("PLAIN", Optional.of(damaged), UNBOUND)).containsInstanceOf(SaslStep.Malformed.class);
        }
    }

    @Test
    @DisplayName(
            "RFC 5802 §5: SCRAM finds the token among the mailbox's, typed with dashes or without, and is let in last")
    void scram() {
        for (var typed : List.of(secret, secret.replace("-", ""))) {
            var client = ScramClient.bare(" ANN@example.org", typed);
            var challenge = asked(sasl.begin("SCRAM-SHA-256", Optional.of(client.first()), UNBOUND));
            var proven = asked(Optional.of(challenge.answer(client.last(challenge.challenge()))));
            assertThat(client.trusts(proven.challenge())).isTrue();
            assertThat(proven.answer("*")).isInstanceOf(SaslStep.Cancelled.class);
            assertThat(proven.answer(base64("?"))).isInstanceOf(SaslStep.Malformed.class);
            assertThat(node.registry().size()).isZero();
            try (var access = in(decided(proven.answer("")))) {
                assertThat(access.tokenName()).isEqualTo("Phone");
            }
        }
    }

    @Test
    @DisplayName("RFC 5802 §6, RFC 5929 §4: PLUS binds to the certificate that was shown, and nobody takes that away")
    void binding() {
        var user = "ann@example.org";
        in(decided(scram(sasl, "SCRAM-SHA-256-PLUS", ScramClient.plus(user, secret, SHOWN.certificate()), BOUND)))
                .close();
        in(decided(scram(sasl, "SCRAM-SHA-256", ScramClient.bare(user, secret), BOUND)))
                .close();
        for (var header : List.of("y,,", "n,a=,", "n,a=ANN@example.org,")) {
            in(decided(scram(sasl, "SCRAM-SHA-256", ScramClient.withHeader(header, user, secret), UNBOUND)))
                    .close();
        }
        var other = Certificates.selfSigned("localhost").certificate();
        assertThat(scram(sasl, "SCRAM-SHA-256-PLUS", ScramClient.plus(user, secret, other), BOUND))
                .isInstanceOf(SaslStep.Malformed.class);
        var taken = List.of("y,,", "p=tls-server-end-point,,");
        for (var header : taken) {
            assertThat(scram(sasl, "SCRAM-SHA-256", ScramClient.withHeader(header, user, secret), BOUND))
                    .isInstanceOf(SaslStep.Malformed.class);
        }
        for (var header : List.of("n,,", "y,,", "p=tls-unique,,", "p=tls-exporter,,")) {
            assertThat(scram(sasl, "SCRAM-SHA-256-PLUS", ScramClient.withHeader(header, user, secret), BOUND))
                    .isInstanceOf(SaslStep.Malformed.class);
        }
    }

    @ParameterizedTest
    @DisplayName("RFC 5802 §7: what is no client-first-message is refused before anybody is asked")
    @ValueSource(
            strings = {
                "",
                "n",
                "n,,",
                "n,,n=ann@example.org",
                "n,,r=x,n=ann@example.org",
                "x,,n=ann@example.org,r=x",
                "n,,m=must,n=ann@example.org,r=x",
                "n,,n=ann=2Dx@example.org,r=x",
                "n,,n=,r=x",
                "n,,n=ann,r=",
                "n,,n=ann,r=\u007f",
                "n,a=bob@example.org,n=ann@example.org,r=x",
                "p=,,n=ann,r=x",
                "n,,n=ann,r=x,1=y"
            })
    void damagedFirst(String message) {
        assertThat(sasl.begin("SCRAM-SHA-256", Optional.of(base64(message)), UNBOUND))
                .containsInstanceOf(SaslStep.Malformed.class);
    }

    @Test
    @DisplayName("RFC 5802 §7: what is no client-final-message to this challenge is refused before anybody is asked")
    void damagedLast() {
        long failures = world.count("SELECT count(*) FROM login_failure");
        var client = ScramClient.withHeader("n,a=Ann@example.org,", "ann@example.org", secret);
        var challenge = asked(sasl.begin("SCRAM-SHA-256", Optional.of(client.first()), UNBOUND));
        var right = new String(Base64.getDecoder().decode(client.last(challenge.challenge())), UTF_8);
        var damages = List.<UnaryOperator<String>>of(
                text -> "",
                text -> text.substring(2),
                text -> text.replace("r=", "r=x"),
                text -> text.replace(",p=", "x,p="),
                text -> text.replaceFirst("c=[^,]+", "c=biws"),
                text -> text.replaceFirst(",p=.*", ""),
                text -> text.replaceFirst(",p=.*", ",p=a"),
                text -> text + ",x=y");
        for (var damage : damages) {
            assertThat(challenge.answer(base64(damage.apply(right)))).isInstanceOf(SaslStep.Malformed.class);
        }
        in(decided(asked(Optional.of(challenge.answer(base64(right)))).answer("")))
                .close();
        assertThat(world.count("SELECT count(*) FROM login_failure")).isEqualTo(failures);
    }

    @Test
    @DisplayName(
            "RFC 5802 §9: every name gets a salt of its own, the same each time; an alias does not tell whose it is")
    void salts() {
        assertThat(salt("ann@example.org")).isEqualTo(salt("Ann@Example.ORG")).isNotEqualTo(salt("info@example.org"));
        for (var nobody : List.of("nobody@example.org", "no address", "n".repeat(5_000))) {
            assertThat(salt(nobody)).hasSize(24).isEqualTo(salt(nobody)).isNotEqualTo(salt("ann@example.org"));
        }
    }

    private String salt(String user) {
        var first = ScramClient.bare(user, "x").first();
        var said = decoded(asked(sasl.begin("SCRAM-SHA-256", Optional.of(first), UNBOUND)));
        assertThat(said).matches("r=[^,]+,s=[^,]+,i=4096");
        return said.replaceFirst(".*,s=([^,]+),.*", "$1");
    }

    @Test
    @DisplayName(
            "REPLIES auth-failed: without the right secret SCRAM and CRAM-MD5 are refused alike, and each failure counts")
    void refusals() {
        var revoked = world.token("ann", "Old").secret();
        done(world.tokens.revoke(World.address("ann"), "Old"));
        world.mailbox("paused");
        var paused = done(world.tokens.create(
                        World.address("paused"), TokenRequest.named("Phone").withCramMd5()))
                .secret();
        done(world.mailboxes.pause(World.address("paused")));
        var wrong = List.of(
                List.of("ann@example.org", "wrong"),
                List.of("ann@example.org", secret.toUpperCase(Locale.ROOT)),
                List.of("ann@example.org", revoked),
                List.of("ann@example.org", paused),
                List.of("paused@example.org", paused),
                List.of("nobody@example.org", secret),
                List.of("info@example.org", secret),
                List.of("ann", secret));
        var longest = Duration.ZERO;
        for (var each : wrong) {
            for (var step :
                    List.of(scramOnce(each.getFirst(), each.getLast()), cramMd5(each.getFirst(), each.getLast()))) {
                var refused = out(decided(step));
                assertThat(refused.refusal())
                        .as("%s", each)
                        .isEqualTo(refused.close() ? new Refusal.SlowDown() : new Refusal.AuthFailed());
                assertThat(refused.delay()).isPositive().isGreaterThanOrEqualTo(longest);
                longest = refused.delay();
            }
        }
        assertThat(longest).isEqualTo(Duration.ofSeconds(2));
    }

    private SaslStep scramOnce(String user, String typed) {
        var client = ScramClient.bare(user, typed);
        var challenge = asked(sasl.begin("SCRAM-SHA-256", Optional.of(client.first()), UNBOUND));
        return challenge.answer(client.last(challenge.challenge()));
    }

    @Test
    @DisplayName("RFC 5802 §5: what the plan or the token does not allow is refused when both sides are proven")
    void allowed() {
        var other = done(world.tokens.create(
                        World.address("ann"), new TokenRequest("Sender", EnumSet.of(Protocol.SMTP), Optional.empty())))
                .secret();
        assertThat(out(decided(scram(sasl, "SCRAM-SHA-256", ScramClient.bare("ann@example.org", other), UNBOUND))))
                .isEqualTo(new LoginOutcome.Refused(new Refusal.ScopeMissing(Protocol.IMAP), Duration.ZERO, false));
    }

    @Test
    @DisplayName("RFC 2195: CRAM-MD5 answers a challenge unlike every other, for tokens that are made for it")
    void cramMd5() {
        for (var typed : List.of(secret, secret.replace("-", ""))) {
            in(decided(cramMd5("Ann@example.org", typed))).close();
        }
        var plain = world.token("ann", "Other").secret();
        assertThat(out(decided(cramMd5("ann@example.org", plain))).refusal()).isEqualTo(new Refusal.AuthFailed());

        var challenge = asked(sasl.begin("CRAM-MD5", Optional.empty(), BOUND));
        assertThat(decoded(challenge)).matches("<[A-Za-z0-9_-]{24}@postern>");
        assertThat(decoded(asked(sasl.begin("CRAM-MD5", Optional.empty(), BOUND))))
                .isNotEqualTo(decoded(challenge));
        for (var damaged :
                List.of("", "ann", " 0123456789abcdef0123456789abcdef", "ann@example.org 0123", "\u00ff x")) {
            assertThat(challenge.answer(base64(damaged))).isInstanceOf(SaslStep.Malformed.class);
        }
        assertThat(sasl.begin("CRAM-MD5", Optional.of("YW5u"), BOUND)).containsInstanceOf(SaslStep.Malformed.class);
    }

    private SaslStep cramMd5(String user, String typed) {
        var challenge = asked(sasl.begin("CRAM-MD5", Optional.empty(), BOUND));
        return challenge.answer(CramMd5Client.answer(user, typed, challenge.challenge()));
    }
}
