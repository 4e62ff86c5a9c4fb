package org.postern.bench.peer;

import java.time.Duration;
import org.postern.bench.client.Crowd;
import org.postern.database.Database;

/** The database of a Postern that has nothing else to do: what storing the same bytes costs without any mail server. */
public final class BareInserts implements Measured, AutoCloseable {
    private final PosternServer postern;
    private final Database database;

    public BareInserts(PosternServer postern) {
        this.postern = postern;
        this.database = Database.attach(postern.database());
        database.transact(tx -> tx.update("CREATE TABLE bench_raw (bytes bytea STORAGE EXTERNAL)"));
    }

    @Override
    public String name() {
        return "bare inserts";
    }

    @Override
    public Duration cpu() {
        return postern.cpu();
    }

    /** @return seconds until all were committed, each by itself */
    public double insert(byte[] bytes, int clients, int each) {
        return Crowd.seconds(clients, number -> {
            for (int n = 0; n < each; n++) {
                database.transact(tx -> tx.update("INSERT INTO bench_raw VALUES (?)", (Object) bytes));
            }
        });
    }

    @Override
    public void close() {
        database.close();
    }
}
