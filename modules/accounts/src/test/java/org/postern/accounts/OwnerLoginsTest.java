package org.postern.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.accounts.World.HOME;
import static org.postern.accounts.World.address;
import static org.postern.accounts.World.done;

import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.database.Database;
import org.postern.testkit.ScratchDatabase;

@DisplayName("An owner's account password")
class OwnerLoginsTest {
    @RegisterExtension
    static final ScratchDatabase SCRATCH = new ScratchDatabase();

    private static final String PASSWORD = "correct horse battery";

    @Test
    @DisplayName(
            "nothing is decided while the database is away; the right one is taken when it is back, and while the account is in use")
    void databaseAway() throws IOException {
        SCRATCH.clear();
        var world = new World(SCRATCH.database());
        world.mailbox("ann");
        done(world.mailboxes.setPassword(address("ann"), PASSWORD));
        try (var wire = new RoundTrips(SCRATCH.settings());
                var through = Database.attach(wire.through(SCRATCH.settings()));
                var notifications = SCRATCH.database().listen();
                var node = world.node(SCRATCH.database(), notifications, LeaseSettings.of("test"))) {
            var owners =
                    node.owners(new Mailboxes(through, new AccountPasswords(world.random), (tx, id) -> {}, _ -> {}));
            assertThat(owners.prove("ann@example.org", PASSWORD, HOME)).isInstanceOf(OwnerProof.Owner.class);
            wire.cut(true);
            assertThat(owners.prove("ann@example.org", PASSWORD, HOME)).isInstanceOf(OwnerProof.Unavailable.class);
            wire.cut(false);
            assertThat(owners.prove(" ANN@example.org ", PASSWORD, HOME)).isInstanceOf(OwnerProof.Owner.class);
            assertThat(owners.prove("ann@example.org", PASSWORD + "x", HOME)).isInstanceOf(OwnerProof.Wrong.class);
            done(world.accounts.suspend(new AccountName("Acme")));
            assertThat(owners.prove("ann@example.org", PASSWORD, HOME))
                    .as("of a suspended account")
                    .isInstanceOf(OwnerProof.Wrong.class);
        }
    }
}
