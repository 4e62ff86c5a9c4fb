package org.postern.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.accounts.World.attempt;
import static org.postern.accounts.World.in;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.model.Address;
import org.postern.model.Protocol;
import org.postern.testkit.ScratchDatabase;

/** What caps and quotas cost; a measurement, run by hand on a quiet machine with {@code -Dpostern.measure=true}. */
@EnabledIfSystemProperty(named = "postern.measure", matches = "true")
class LoginRateTest {
    private static final int MAILBOXES = 50;
    private static final int THREADS = 8;
    private static final int LOGINS = 4_000;
    private static final int ROUNDS = 4;

    @RegisterExtension
    static final ScratchDatabase SCRATCH = ScratchDatabase.withPoolSize(THREADS);

    @FunctionalInterface
    private interface Login {
        void as(String user, String secret) throws Exception;
    }

    @Test
    @DisplayName("Logins and logouts a second, with the cap and with a bare insert in its place")
    void rate() throws Exception {
        var world = new World(SCRATCH.database());
        var secrets = new ArrayList<String>();
        for (int i = 0; i < MAILBOXES; i++) {
            world.mailbox("m" + i);
            secrets.add(world.token("m" + i, "Phone").secret());
        }
        var override = "UPDATE account SET overrides = '{\"cap\": \"500\"}'";
        world.database.once(tx -> tx.update(override));
        try (var notifications = world.database.listen();
                var node = world.node(world.database, notifications, LeaseSettings.of("rate"))) {
            var query = new LoginQuery(world.database);
            Login capped = (user, secret) ->
                    in(node.logins().logIn(attempt(user, secret))).close();
            Login bare = (user, secret) -> {
                var found = query.find(Address.parse(user), new Proof.Secret(secret), Protocol.IMAP);
                var who = found.holder().orElseThrow().who();
                long id = world.database.once(tx -> tx.one(
                        """
                        INSERT INTO connection (node_id, mailbox_id, token_id, protocol, client_address,
                                                client_network, session_id)
                        VALUES (?, ?, ?, 'imap', '192.0.2.1', '192.0.2.1', 'x') RETURNING connection_id
                        """,
                        row -> row.longValue(1),
                        node.registry().node(),
                        who.mailbox().value(),
                        who.token().value()));
                world.database.once(tx -> tx.update("DELETE FROM connection WHERE connection_id = ?", id));
            };
            measure("warm-up", capped, secrets);
            measure("warm-up", bare, secrets);
            double with = 0;
            double without = 0;
            for (int round = 0; round < ROUNDS; round++) {
                with += measure("with caps", capped, secrets);
                without += measure("without", bare, secrets);
            }
            System.out.printf("MEASURED with/without = %.2f%n", with / without);
        }
        assertThat(world.count("SELECT count(*) FROM connection")).isZero();
    }

    private static double measure(String what, Login login, List<String> secrets) throws Exception {
        long start = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<?>>();
            for (int t = 0; t < THREADS; t++) {
                int from = t;
                Callable<Void> work = () -> {
                    for (int i = from; i < LOGINS; i += THREADS) {
                        int m = i % MAILBOXES;
                        login.as("m" + m + "@example.org", secrets.get(m));
                    }
                    return null;
                };
                running.add(threads.submit(work));
            }
            for (var each : running) {
                each.get();
            }
        }
        double rate = LOGINS / ((System.nanoTime() - start) / 1e9);
        System.out.printf("MEASURED %s: %.0f logins and logouts a second%n", what, rate);
        return rate;
    }
}
