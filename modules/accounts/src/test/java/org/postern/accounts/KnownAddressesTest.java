package org.postern.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.postern.accounts.World.address;
import static org.postern.accounts.World.done;

import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.accounts.Resolution.Match;
import org.postern.database.NotificationHandler;
import org.postern.database.Notifications;
import org.postern.model.Domain;
import org.postern.testkit.ScratchDatabase;

@DisplayName("Addresses that a node remembers")
class KnownAddressesTest {
    private static final Domain DOMAIN = new Domain("example.org");

    @RegisterExtension
    static final ScratchDatabase SCRATCH = new ScratchDatabase();

    private static final String MISSED = "missed";

    private final Queue<String> heard = new ConcurrentLinkedQueue<>();
    private World world;
    private Groups groups;
    private Notifications notifications;
    private Directory directory;
    private MailboxInfo ann;
    private MailboxInfo bob;

    @BeforeEach
    void start() {
        SCRATCH.clear();
        world = new World(SCRATCH.database());
        groups = new Groups(world.database);
        ann = world.mailbox("ann");
        bob = world.mailbox("bob");
        done(world.mailboxes.addAlias(address("asks"), address("ann")));
        notifications = world.database.listen();
        directory = Directory.remembering(world.database, notifications);
        notifications.on(KnownAddresses.CHANNEL, new Ear());
        awaitHeard(MISSED);
    }

    @AfterEach
    void stop() {
        notifications.close();
    }

    /** Changes without telling anybody: whoever remembers does not notice. */
    private void secretly(String sql) {
        world.database.transact(tx -> {
            tx.call("SET LOCAL session_replication_role = replica");
            return tx.update(sql);
        });
    }

    private void give(String alias, MailboxInfo mailbox) {
        secretly("UPDATE directory.address SET mailbox_id = " + mailbox.id().value() + " WHERE local_part = '" + alias
                + "'");
    }

    /** Hears what the directory hears, after it. */
    private final class Ear implements NotificationHandler {
        @Override
        public void notified(String payload) {
            heard.add(payload);
        }

        @Override
        public void missed() {
            heard.add(MISSED);
        }
    }

    private void awaitHeard(String what) {
        await().untilAsserted(() -> assertThat(heard).contains(what));
    }

    private static Resolution local(MailboxInfo mailbox, Match match, String... detail) {
        return new Resolution.Local(
                mailbox.id(),
                mailbox.account(),
                match,
                Optional.of(List.of(detail)).filter(some -> !some.isEmpty()).map(List::getFirst));
    }

    private void awaitResolved(String local, Resolution expected) {
        await().untilAsserted(
                        () -> assertThat(directory.resolve(address(local))).isEqualTo(expected));
    }

    private void assertResolved(String local, Resolution expected) {
        assertThat(directory.resolve(address(local))).isEqualTo(expected);
    }

    @Test
    @DisplayName(
            "a mailbox, an alias, a detail of one: asked for once; an alias that goes away is gone for each spelling")
    void remembered() {
        assertResolved("ann", local(ann, Match.OWN));
        assertResolved("asks+Shop", local(ann, Match.ALIAS, "Shop"));
        assertResolved("ASKS", local(ann, Match.ALIAS));
        give("asks", bob);
        assertResolved("asks+Shop", local(ann, Match.ALIAS, "Shop"));
        assertResolved("ASKS", local(ann, Match.ALIAS));

        done(world.mailboxes.removeAlias(address("asks")));
        awaitResolved("asks+Shop", new Resolution.NoSuchAddress());
        awaitResolved("ASKS", new Resolution.NoSuchAddress());
        assertResolved("ann", local(ann, Match.OWN));
    }

    @Test
    @DisplayName("what changes at one address leaves what is known of others")
    void others() {
        done(world.mailboxes.addAlias(address("stays"), address("ann")));
        awaitHeard("stays@example.org");
        assertResolved("stays", local(ann, Match.ALIAS));
        done(world.mailboxes.removeAlias(address("asks")));
        awaitResolved("asks", new Resolution.NoSuchAddress());
        give("stays", bob);
        assertResolved("stays", local(ann, Match.ALIAS));
    }

    @Test
    @DisplayName("an address that comes into being works at once, and takes its mail from the catch-all")
    void born() {
        assertResolved("new", new Resolution.NoSuchAddress());
        done(world.mailboxes.addAlias(address("new"), address("bob")));
        assertResolved("new", local(bob, Match.ALIAS));

        done(world.domains.catchAll(DOMAIN, Optional.of(address("ann"))));
        awaitResolved("other+x", local(ann, Match.CATCH_ALL));
        done(world.mailboxes.addAlias(address("other"), address("bob")));
        awaitResolved("other+x", local(bob, Match.ALIAS, "x"));
    }

    @Test
    @DisplayName("more details of a name than are remembered; one that becomes an address of its own")
    void details() {
        var details = IntStream.rangeClosed(1, 2 * KnownAddresses.MAX_SPELLINGS)
                .mapToObj(Integer::toString)
                .toList();
        for (int round = 0; round < 2; round++) {
            details.forEach(detail -> assertResolved("asks+" + detail, local(ann, Match.ALIAS, detail)));
        }
        done(world.mailboxes.addAlias(address("bobs"), address("bob")));
        secretly("UPDATE directory.address SET local_part = 'asks+16' WHERE local_part = 'bobs'");
        assertResolved("asks+16", local(ann, Match.ALIAS, "16"));
        world.database.once(
                tx -> tx.update("UPDATE directory.address SET is_alias = true WHERE local_part = 'asks+16'"));
        awaitResolved("asks+16", local(bob, Match.ALIAS));
    }

    @Test
    @DisplayName("a domain's catch-all is felt for all of its addresses")
    void catchAll() {
        done(world.domains.catchAll(DOMAIN, Optional.of(address("ann"))));
        awaitResolved("anybody", local(ann, Match.CATCH_ALL));
        done(world.domains.catchAll(DOMAIN, Optional.of(address("bob"))));
        awaitResolved("anybody", local(bob, Match.CATCH_ALL));
        done(world.domains.catchAll(DOMAIN, Optional.empty()));
        awaitResolved("anybody", new Resolution.NoSuchAddress());
    }

    @Test
    @DisplayName("whom a group leads to changes")
    void groups() {
        done(groups.add(address("team"), address("ann"), List.of(address("ann"))));
        awaitResolved("team", leads(List.of("ann")));
        done(groups.lead(address("team"), List.of(address("ann"), address("bob"))));
        awaitResolved("team", leads(List.of("ann", "bob")));
    }

    private Resolution leads(List<String> to) {
        return new Resolution.Leads(
                address("team"),
                ann.id(),
                ann.account(),
                to.stream().map(World::address).toList());
    }

    @Test
    @DisplayName("postmaster is looked up each time: any address of the domain may change who that is")
    void postmaster() {
        assertResolved("postmaster", local(ann, Match.POSTMASTER));
        secretly("DELETE FROM directory.address WHERE mailbox_id = " + ann.id().value());
        assertResolved("postmaster", local(bob, Match.POSTMASTER));
    }

    @Test
    @DisplayName("after a lost connection nothing of before is believed")
    void deaf() {
        assertResolved("asks", local(ann, Match.ALIAS));
        give("asks", bob);
        assertResolved("asks", local(ann, Match.ALIAS));
        world.database.once(tx -> tx.one(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'postern listen' AND datname = current_database()",
                row -> row.intValue(1)));
        awaitResolved("asks", local(bob, Match.ALIAS));
    }
}
