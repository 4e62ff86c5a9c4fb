package org.postern.testkit;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.postern.database.Database;
import org.postern.database.DatabaseSettings;

/**
 * An empty, migrated database for a test class (in a static field) or for each test (in an instance field).
 *
 * <pre>{@code
 * @RegisterExtension
 * static final ScratchDatabase SCRATCH = new ScratchDatabase();
 * }</pre>
 *
 * <p>All of a run share one server, which stops when the run ends.
 */
public final class ScratchDatabase
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    /** Enough for the few threads of a test; a class that loads the pool asks for more. */
    private static final int POOL_SIZE = 6;

    private final int poolSize;
    private final Deque<Database> nodes = new ArrayDeque<>();
    private boolean perClass;
    private @Nullable ScratchServer server;
    private @Nullable DatabaseSettings settings;
    private @Nullable Database database;

    public ScratchDatabase() {
        this(POOL_SIZE);
    }

    private ScratchDatabase(int poolSize) {
        this.poolSize = poolSize;
    }

    public static ScratchDatabase withPoolSize(int size) {
        return new ScratchDatabase(size);
    }

    /** The database as the first node sees it. */
    public Database database() {
        return opened(database);
    }

    /** How to reach the same database; its cell is {@link ScratchServer#CELL}. */
    public DatabaseSettings settings() {
        return opened(settings);
    }

    public ScratchServer server() {
        return opened(server);
    }

    /** A second pool over the same database, as another node has; closed with the rest. */
    public Database anotherNode() {
        var node = Database.attach(settings());
        nodes.push(node);
        return node;
    }

    /** Empties every table of the cell and the directory, for a class whose tests must not see each other's rows. */
    public void clear() {
        database().transact(tx -> tx.update(ScratchServer.EMPTY));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        perClass = true;
        open(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (!perClass) {
            open(context);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (!perClass) {
            close();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    private void open(ExtensionContext context) {
        var shared = context.getRoot()
                .getStore(ExtensionContext.Namespace.create(ScratchServer.class))
                .getOrComputeIfAbsent(ScratchServer.class, _ -> ScratchServer.start(), ScratchServer.class);
        server = shared;
        settings = shared.database().withPoolSize(poolSize);
        database = Database.attach(settings);
    }

    private void close() {
        nodes.forEach(Database::close);
        nodes.clear();
        if (database != null) {
            database.close();
        }
        if (server != null && settings != null) {
            server.giveBack(settings);
        }
        database = null;
        settings = null;
    }

    private static <T> T opened(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("register this extension with @RegisterExtension");
        }
        return value;
    }
}
