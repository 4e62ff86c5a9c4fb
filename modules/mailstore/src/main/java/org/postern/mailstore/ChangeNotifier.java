package org.postern.mailstore;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postern.database.Database;
import org.postern.model.FolderId;
import org.postern.model.MailboxId;
import org.postern.model.Modseq;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the other nodes which folders changed: in batches and after the commits.
 *
 * <p>NOTIFY inside the transaction of a change would take one lock of the whole server around each commit.
 */
final class ChangeNotifier implements AutoCloseable {
    /** Folders that may wait to be told of; beyond them the others are told to look for themselves. */
    static final int MAX_WAITING = 50_000;

    private static final Logger LOG = LoggerFactory.getLogger(ChangeNotifier.class);
    /** PostgreSQL takes less than 8,000 bytes. */
    private static final int MAX_PAYLOAD = 7_900;

    private static final String EVERYTHING = "*";
    /** In the place of a folder's id: names, subscriptions, annotations, or who may do what. */
    private static final long TREE = 0;

    private static final Duration BACKOFF = Duration.ofSeconds(1);

    private final Database database;
    private final Duration interval;
    private final Thread thread;
    private final Object lock = new Object();
    private final Map<Place, Modseq> waiting = new HashMap<>();
    private boolean everything;
    private boolean closed;

    /** What changed: a folder, or the tree of the mailbox. */
    private record Place(MailboxId mailbox, long folder) {}

    ChangeNotifier(Database database, Duration interval) {
        this.database = database;
        this.interval = interval;
        this.thread = Thread.ofPlatform().daemon().name("folder-feed-notifier").start(this::run);
    }

    /** NOTIFY knows the database, not the schema: each cell has its own channel. */
    static String channel(Database database) {
        return "folder_" + database.settings().cell();
    }

    /** Reads what another node, or this one, has told. */
    static void read(
            String payload, BiConsumer<FolderId, Modseq> heard, Consumer<MailboxId> heardTree, Runnable everything) {
        if (payload.equals(EVERYTHING)) {
            everything.run();
            return;
        }
        for (var entry : payload.split(" ", -1)) {
            var parts = entry.split("/", -1);
            try {
                var mailbox = new MailboxId(Long.parseLong(parts[0]));
                long folder = Long.parseLong(parts[1]);
                if (folder == TREE) {
                    heardTree.accept(mailbox);
                } else {
                    heard.accept(new FolderId(mailbox, folder), new Modseq(Long.parseLong(parts[2])));
                }
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                LOG.warn("unreadable notification: {}", entry);
            }
        }
    }

    void tell(FolderId folder, Modseq modseq) {
        tell(new Place(folder.mailbox(), folder.id()), modseq);
    }

    void tellTree(MailboxId mailbox) {
        tell(new Place(mailbox, TREE), Modseq.ZERO);
    }

    private void tell(Place place, Modseq modseq) {
        synchronized (lock) {
            if (everything) {
                return;
            }
            waiting.merge(place, modseq, (a, b) -> a.isAfter(b) ? a : b);
            if (waiting.size() > MAX_WAITING) {
                everything = true;
                waiting.clear();
            }
            if (waiting.size() == 1 || everything) {
                lock.notifyAll();
            }
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
        try {
            thread.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        boolean failing = false;
        try {
            for (var payloads = take(); payloads != null; payloads = take()) {
                boolean sent = send(payloads, failing);
                failing = !sent;
                if (!sent) {
                    synchronized (lock) {
                        // Which ones is forgotten: the others look for themselves.
                        everything = true;
                        waiting.clear();
                    }
                }
                if (!sent && isClosed()) {
                    return;
                }
                pause(sent ? interval : BACKOFF);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    /** What is to be told, as soon as there is something; null when closed and all is told. */
    private @Nullable List<String> take() throws InterruptedException {
        synchronized (lock) {
            while (waiting.isEmpty() && !everything && !closed) {
                lock.wait();
            }
            if (waiting.isEmpty() && !everything) {
                return null;
            }
            var payloads = everything ? List.of(EVERYTHING) : payloads();
            waiting.clear();
            everything = false;
            return payloads;
        }
    }

    private List<String> payloads() {
        var payloads = new ArrayList<String>();
        var text = new StringBuilder();
        waiting.forEach((place, modseq) -> {
            var entry = place.mailbox + "/" + place.folder + "/" + modseq;
            if (text.length() + 1 + entry.length() > MAX_PAYLOAD) {
                payloads.add(text.toString());
                text.setLength(0);
            }
            text.append(text.isEmpty() ? "" : " ").append(entry);
        });
        payloads.add(text.toString());
        return payloads;
    }

    private boolean send(List<String> payloads, boolean failing) {
        try {
            database.once(tx -> tx.list(
                    "SELECT pg_notify(?, payload) FROM unnest(?::text[]) payload",
                    row -> true,
                    channel(database),
                    payloads.toArray(String[]::new)));
            return true;
        } catch (RuntimeException e) {
            if (!failing) {
                LOG.warn("other nodes were not told of changed folders, trying on: {}", e.getMessage());
            }
            return false;
        }
    }

    /** Lets changes gather; a close does not wait. */
    private void pause(Duration length) throws InterruptedException {
        long end = System.nanoTime() + length.toNanos();
        synchronized (lock) {
            for (long left = length.toNanos(); left > 0 && !closed; left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(lock, left);
            }
        }
    }
}
