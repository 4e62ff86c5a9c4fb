package org.postern.accounts;

import static org.postern.accounts.World.attempt;
import static org.postern.accounts.World.in;
import static org.postern.accounts.World.out;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Consumer;
import org.postern.database.Database;
import org.postern.database.DatabaseSettings;
import org.postern.database.Notifications;
import org.postern.model.ConnectionCap;
import org.postern.model.Protocol;
import org.postern.model.Refusal;
import org.postern.testkit.OnScratch;

/** The nodes of one database, on any of which ann logs in with her token; she may have ten connections. */
final class Fleet implements AutoCloseable {
    static final ConnectionCap TEN = new ConnectionCap(10, 10);

    final World world;
    /** Of ann's token, called Phone. */
    final String secret;

    /** What is to be closed, the newest first, and how. */
    private final SequencedMap<Object, Runnable> open = new LinkedHashMap<>();

    private Fleet(Database database) {
        this.world = new World(database);
        plan(TEN);
        world.mailbox("ann");
        this.secret = world.token("ann", "Phone").secret();
    }

    static OnScratch<Fleet> forEachTest() {
        return OnScratch.forEachTest((database, _) -> new Fleet(database)).withPoolSize(8);
    }

    DatabaseSettings settings() {
        return world.database.settings();
    }

    /** The plan of everybody from now on. */
    void plan(ConnectionCap cap) {
        world.plans.replace(World.plans(World.plan(World.SMALL, cap)));
    }

    AccountsNode node(LeaseSettings lease) {
        var database = closeLater(Database.attach(settings()), Database::close);
        var notifications = closeLater(database.listen(), Notifications::close);
        return closeLater(world.node(database, notifications, lease), AccountsNode::close);
    }

    /** A node that hears nothing but what its heartbeats find. */
    AccountsNode deafNode(LeaseSettings lease) {
        var deaf = world.database.listen();
        deaf.close();
        var database = closeLater(Database.attach(settings()), Database::close);
        return closeLater(world.node(database, deaf, lease), AccountsNode::close);
    }

    AccountsNode steady() {
        return node(World.lease(200, 10_000, 2_000));
    }

    /** Stops a node's heartbeats without giving anything back. */
    void kill(AccountsNode node) {
        open.remove(node);
        node.registry().stopDead();
    }

    <T> T closeLater(T opened, Consumer<? super T> close) {
        open.putFirst(opened, () -> close.accept(opened));
        return opened;
    }

    Access logIn(AccountsNode node) {
        return in(node.logins().logIn(attempt("ann@example.org", secret)));
    }

    Refusal refusal(AccountsNode node) {
        return out(node.logins().logIn(attempt("ann@example.org", secret))).refusal();
    }

    LoginOutcome tryFrom(AccountsNode node, String token, String address) {
        return node.logins().logIn(attempt("ann@example.org", token, Protocol.IMAP, World.client(address)));
    }

    /** A session that ends itself as soon as it is told to. */
    static Access closing(Access access) {
        access.onEnd(why -> Thread.ofVirtual().start(access::close));
        return access;
    }

    /** Connections counted now. */
    long rows() {
        return world.count("SELECT count(*) FROM connection");
    }

    @Override
    public void close() {
        open.values().forEach(Runnable::run);
    }
}
