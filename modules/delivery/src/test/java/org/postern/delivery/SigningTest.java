package org.postern.delivery;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.delivery.Post.done;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.accounts.AccountName;
import org.postern.accounts.Domains;
import org.postern.database.Database;
import org.postern.delivery.dkim.DkimKeys;
import org.postern.delivery.dkim.DkimVerdict;
import org.postern.delivery.dkim.DkimVerifier;
import org.postern.delivery.dkim.DomainKey;
import org.postern.delivery.dkim.KeyState;
import org.postern.delivery.dns.Answer;
import org.postern.mime.MessageParser;
import org.postern.mime.bytes.Spool;
import org.postern.model.Domain;
import org.postern.testkit.OnScratch;

/** A domain's keys, from their making through a rotation, and what they sign on its way into the queue. */
class SigningTest {
    private static final Domain DOMAIN = new Domain("example.org");
    private static final String MESSAGE = "From: ann@example.org\r\nSubject: hello\r\n\r\nbody\r\n";

    @RegisterExtension
    static final OnScratch<Post> POST = Post.forEachTest();

    private final Post post;

    SigningTest(Post post) {
        this.post = post;
    }

    @Test
    @DisplayName(
            "RFC 6376 §6: what goes to another host is signed by the active keys; a rotation prepares, activates, retires; OVERLAP later all is forgotten")
    void signsAndRotates() throws IOException {
        post.mailbox("ann");
        post.mailbox("bob");
        var first = done(post.dkim.prepare(DOMAIN));
        assertThat(first).extracting(DomainKey::state).containsExactly(KeyState.PREPARED, KeyState.PREPARED);
        assertThat(done(post.dkim.prepare(DOMAIN))).isEqualTo(first);
        done(post.dkim.activate(DOMAIN));
        done(post.dkim.prepare(DOMAIN));
        try (var ann = post.access("ann")) {
            post.submit(ann, MESSAGE, "bob", "carol@elsewhere.example");
            post.submit(ann, MESSAGE.replace("example.org", "elsewhere.example"), "carol@elsewhere.example");
        }
        var fronts = post.database.once(tx -> tx.list("SELECT front FROM queue ORDER BY 1", row -> row.text(1)));
        assertThat(fronts).first().isEqualTo("");
        assertThat(verify(fronts.get(1) + MESSAGE, first)).hasSize(2).allMatch(DkimVerdict::passed);

        var rotated = done(post.dkim.activate(DOMAIN));
        assertThat(rotated)
                .extracting(DomainKey::state)
                .containsExactly(KeyState.ACTIVE, KeyState.ACTIVE, KeyState.RETIRED, KeyState.RETIRED);
        assertThat(done(post.dkim.activate(DOMAIN))).isEqualTo(rotated);
        assertThat(rotated).extracting(DomainKey::selector).doesNotHaveDuplicates();
        assertThat(post.count("SELECT count(private_key) FROM dkim_key")).isEqualTo(2);

        var bound = rotated.getLast().neededUntil().orElseThrow();
        assertThat(bound).isEqualTo(rotated.getLast().retiredAt().orElseThrow().plus(DkimKeys.OVERLAP));
        assertThat(activated(bound.minusMillis(1))).isEqualTo(rotated);
        assertThat(activated(bound)).isEqualTo(rotated.subList(0, 2));
    }

    /** As if it were then. */
    private List<DomainKey> activated(Instant then) {
        return done(new DkimKeys(post.database, post.accounts.secrets(), post.random, () -> then).activate(DOMAIN));
    }

    @Test
    @DisplayName(
            "Keys take long to make: no transaction is open meanwhile, neither for a new domain nor for a rotation")
    void makesKeysBeforeTheTransaction() {
        var random = new Outdoors(post.database);
        var keys = new DkimKeys(post.database, post.accounts.secrets(), random, InstantSource.system());
        var born = new Domain("born.example");
        done(new Domains(post.database, keys::firstKeys).add(new AccountName("Acme"), born));
        assertThat(done(keys.list(born)))
                .extracting(DomainKey::state)
                .containsExactly(KeyState.ACTIVE, KeyState.ACTIVE);
        assertThat(random.asked).isPositive();
        random.asked = 0;
        assertThat(done(keys.prepare(born))).hasSize(4);
        assertThat(random.asked).isPositive();
    }

    /** Randomness that fails a thread which is inside a transaction: such a thread may not ask the database once more. */
    private static final class Outdoors extends SecureRandom {
        private static final long serialVersionUID = 1L;

        private final transient Database database;
        private int asked;

        Outdoors(Database database) {
            this.database = database;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            assertThat(database.answers()).isTrue();
            asked++;
            super.nextBytes(bytes);
        }
    }

    @Test
    @DisplayName("RFC 6376 §6.1: what the other host receives verifies, dots at line beginnings and all")
    void verifiesWhereItArrives() throws IOException {
        post.mailbox("ann");
        done(post.dkim.prepare(DOMAIN));
        var keys = done(post.dkim.activate(DOMAIN));
        var message = MESSAGE + ".dot\r\n..two\r\n";
        try (var outside = new Outside(post);
                var ann = post.access("ann")) {
            var remote = outside.domain("elsewhere.example", "127.0.0.2");
            post.submit(ann, message, "carol@elsewhere.example");
            outside.relay();
            outside.drained();
            var arrived = remote.received().getFirst().data();
            assertThat(arrived).startsWith("DKIM-Signature: ").endsWith(message);
            assertThat(verify(arrived, keys)).hasSize(2).allMatch(DkimVerdict::passed);
            assertThat(verify(arrived.replace("..two", "..three"), keys)).noneMatch(DkimVerdict::passed);
        }
    }

    private static List<DkimVerdict> verify(String message, List<DomainKey> keys) throws IOException {
        var verifier = new DkimVerifier(
                name -> keys.stream()
                        .filter(key -> key.name().equals(name))
                        .findFirst()
                        .<Answer<String>>map(key -> new Answer.Found<>(List.of(key.record())))
                        .orElseGet(() -> new Answer.None<>(true)),
                InstantSource.system());
        try (var spool = Spool.of(message.getBytes(ISO_8859_1))) {
            return verifier.verify(spool, MessageParser.parse(spool).headerSize());
        }
    }
}
