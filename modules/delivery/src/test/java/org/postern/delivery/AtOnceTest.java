package org.postern.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.accounts.AccountName;
import org.postern.accounts.Accounts;
import org.postern.accounts.Domains;
import org.postern.database.DatabaseUnavailable;
import org.postern.database.GroupCommit;
import org.postern.delivery.SubmitOutcome.Accepted;
import org.postern.delivery.SubmitOutcome.Refused;
import org.postern.model.Address;
import org.postern.model.AtLimit;
import org.postern.model.Domain;
import org.postern.model.SendQuota;
import org.postern.testkit.OnScratch;

@DisplayName("Submissions with nothing in their way")
class AtOnceTest {
    private static final String MESSAGE = "From: ann@example.org\r\nSubject: hello\r\n\r\nbody\r\n";

    @RegisterExtension
    static final OnScratch<Post> POST = Post.forEachTest();

    private final Post post;

    AtOnceTest(Post post) {
        this.post = post;
    }

    private interface Sending {
        SubmitOutcome send(int number);
    }

    private static List<SubmitOutcome> atTheSameTime(int count, Sending sending) throws Exception {
        var outcomes = new ArrayList<SubmitOutcome>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<SubmitOutcome>>();
            for (int i = 0; i < count; i++) {
                int number = i;
                running.add(threads.submit(() -> sending.send(number)));
            }
            for (var one : running) {
                outcomes.add(one.get());
            }
        }
        return outcomes;
    }

    /** From now on each attempt to store a message is counted, also one that is undone. */
    private void countAttempts() {
        post.database.transact(tx -> tx.update("CREATE SEQUENCE attempt") + tx.update("""
                        CREATE FUNCTION note_attempt() RETURNS trigger LANGUAGE plpgsql AS
                        $$ BEGIN PERFORM nextval('attempt'); RETURN NULL; END $$
                        """) + tx.update("""
                        CREATE TRIGGER counts AFTER INSERT ON message FOR EACH ROW EXECUTE FUNCTION note_attempt()
                        """));
    }

    private long attempts() {
        return post.count("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM attempt");
    }

    private void drop(String function) {
        post.database.transact(tx -> tx.update("DROP FUNCTION IF EXISTS " + function + " CASCADE")
                + tx.update("DROP SEQUENCE IF EXISTS attempt"));
    }

    @Test
    @DisplayName("to one mailbox from many sessions: all there at once, several with one commit, each counted")
    void groups() throws Exception {
        post.mailbox("ann");
        var bob = post.mailbox("bob");
        int count = 3 * GroupCommit.MAX_GROUP;
        try (var ann = post.access("ann")) {
            assertThat(atTheSameTime(count, i -> post.submit(ann, MESSAGE, "bob")))
                    .containsOnly(new Accepted(1, 0));
        }
        assertThat(post.messages(bob)).isEqualTo(count);
        assertThat(post.count("SELECT recipients FROM send_usage WHERE subject_kind = 'account'"))
                .isEqualTo(count);
        assertThat(post.count(
                        "SELECT max(n) FROM (SELECT count(*) AS n FROM message GROUP BY xmin::text) transactions"))
                .isBetween(2L, (long) GroupCommit.MAX_GROUP);
    }

    @Test
    @DisplayName("of two accounts, to each other and to themselves: none waits for the other for good, none is lost")
    void accounts() throws Exception {
        Post.done(new Accounts(post.database, post.plans).add(new AccountName("Beta"), Post.PLAN));
        Post.done(new Domains(post.database, () -> (tx, domain) -> {})
                .add(new AccountName("Beta"), new Domain("example.net")));
        var kim = Address.parse("kim@example.net").orElseThrow();
        Post.done(post.mailboxes.add(kim, ""));
        post.mailbox("ann");
        try (var fromAnn = post.access("ann");
                var fromKim = post.access(kim)) {
            var senders = List.of(fromKim, fromAnn);
            var recipients = List.of("ann@example.org", kim.toString());
            assertThat(atTheSameTime(80, i -> post.submit(senders.get(i % 2), MESSAGE, recipients.get(i / 2 % 2))))
                    .containsOnly(new Accepted(1, 0));
        }
        assertThat(post.count("SELECT count(*) FROM message")).isEqualTo(80);
        assertThat(post.count("SELECT min(messages) FROM send_usage")).isEqualTo(40);
        assertThat(post.count("SELECT max(messages) FROM send_usage")).isEqualTo(40);
    }

    @Test
    @DisplayName("of two nodes to one mailbox: each counted and delivered once, at once or from the queue")
    void twoNodes() throws Exception {
        post.mailbox("ann");
        var bob = post.mailbox("bob");
        try (var other = new Post(POST.scratch().anotherNode(), post.spools.directory());
                var here = post.access("ann");
                var there = other.access("ann")) {
            assertThat(atTheSameTime(
                            60,
                            i -> i % 2 == 0 ? post.submit(here, MESSAGE, "bob") : other.submit(there, MESSAGE, "bob")))
                    .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Accepted.class));
            post.runner.start();
            await().atMost(Scene.PATIENCE).until(() -> post.messages(bob) == 60);
            await().atMost(Scene.PATIENCE).until(() -> post.count("SELECT count(*) FROM queue_recipient") == 0);
        }
        assertThat(post.count("SELECT recipients FROM send_usage WHERE subject_kind = 'account'"))
                .isEqualTo(60);
    }

    @Test
    @DisplayName("are told from those that are over quota, which are tried twice only once")
    void overQuota() {
        post.mailbox("ann");
        post.mailbox("bob");
        post.change(Post.plan(
                1 << 30,
                new SendQuota(
                        SendQuota.Subject.MAILBOX,
                        Duration.ofHours(1),
                        SendQuota.Counting.MESSAGES,
                        1,
                        AtLimit.DEFER)));
        countAttempts();
        try (var ann = post.access("ann")) {
            assertThat(post.submit(ann, MESSAGE, "bob")).isInstanceOf(Accepted.class);
            assertThat(attempts()).isEqualTo(1);
            assertThat(post.submit(ann, MESSAGE, "bob")).isInstanceOf(Refused.class);
            assertThat(attempts()).isEqualTo(1 + 2);
            assertThat(post.submit(ann, MESSAGE, "bob")).isInstanceOf(Refused.class);
            assertThat(attempts()).isEqualTo(1 + 2 + 1);
        } finally {
            drop("note_attempt");
        }
    }

    @Test
    @DisplayName(
            "of which nobody knows whether they are stored, for the database went away meanwhile: never tried again")
    void lost() {
        post.mailbox("ann");
        post.mailbox("bob");
        post.database.transact(tx -> tx.update("""
                CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); RETURN NULL; END $$
                """) + tx.update("""
                CREATE TRIGGER dies AFTER INSERT ON send_event FOR EACH STATEMENT EXECUTE FUNCTION die()
                """));
        countAttempts();
        try (var ann = post.access("ann")) {
            assertThatExceptionOfType(DatabaseUnavailable.class)
                    .isThrownBy(() -> post.submit(ann, MESSAGE, "bob"))
                    .satisfies(lost -> assertThat(lost.outcomeUnknown()).isTrue());
            assertThat(attempts()).isOne();
        } finally {
            drop("die");
            drop("note_attempt");
        }
        assertThat(post.count("SELECT count(*) FROM message")).isZero();
    }
}
