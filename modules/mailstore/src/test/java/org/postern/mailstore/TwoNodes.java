package org.postern.mailstore;

import org.postern.database.Database;
import org.postern.testkit.OnScratch;

/** The mail stores of two nodes on one database. */
final class TwoNodes implements AutoCloseable {
    final Store one;
    final Store other;

    private TwoNodes(Database database) {
        this.one = new Store(database);
        this.other = new Store(Database.attach(database.settings()));
    }

    static OnScratch<TwoNodes> forClass() {
        return OnScratch.forClass((database, _) -> new TwoNodes(database));
    }

    @Override
    public void close() {
        one.close();
        other.close();
        other.database.close();
    }
}
