package org.postern.delivery;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.postern.database.Database;
import org.postern.mime.MessageParser;
import org.postern.mime.ParsedMessage;
import org.postern.mime.bytes.Spool;
import org.postern.mime.bytes.SpoolSettings;

/** The messages of one batch of claimed recipients, each fetched and parsed once; bounded memory, one thread. */
final class QueuedMessages implements AutoCloseable {
    private static final int SLICE_BYTES = 256 * 1024;

    private final Database database;
    private final SpoolSettings spools;
    private final Queue queue = new Queue();
    private final Map<Long, Fetched> fetched = new HashMap<>();

    QueuedMessages(Database database, SpoolSettings spools) {
        this.database = database;
        this.spools = spools;
    }

    record Fetched(Spool bytes, ParsedMessage parsed) {}

    /** @throws IOException when there is no room to spool it */
    Fetched fetch(long queueId, long size) throws IOException {
        var known = fetched.get(queueId);
        if (known != null) {
            return known;
        }
        var spool = Spool.in(spools.withMaxBytes(size));
        try {
            // Slices, each a statement of its own: no transaction stays open for as long as a large body takes.
            for (long from = 0; from < size; from += SLICE_BYTES) {
                long first = from;
                var slice = database.once(tx -> queue.slice(tx, queueId, first, SLICE_BYTES));
                spool.write(slice.orElseThrow(() -> new IOException("message " + queueId + " has left the queue")));
            }
            spool.finish();
            var message = new Fetched(spool, MessageParser.parse(spool));
            fetched.put(queueId, message);
            return message;
        } catch (IOException | RuntimeException e) {
            spool.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        for (var message : fetched.values()) {
            message.bytes().close();
        }
    }
}
