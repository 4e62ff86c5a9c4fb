package org.postern.mailstore;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.postern.database.Database;
import org.postern.database.DatabaseUnavailable;
import org.postern.database.NotificationHandler;
import org.postern.database.Notifications;
import org.postern.database.Tx;
import org.postern.model.FolderId;
import org.postern.model.MailboxId;
import org.postern.model.Modseq;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's snapshots of folders in use, who watches them, and the news between the nodes.
 *
 * <p>News of this node are told in memory after the commit; a {@link ChangeNotifier} tells the other nodes; what a lost
 * connection or a crash swallows is found by comparing watched folders with the database at an interval.
 */
public final class FolderFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FolderFeed.class);
    private static final int POLL_BATCH = 1_000;

    private final Database database;
    private final SnapshotLoader loader;
    private final FeedSettings settings;
    private final ChangeNotifier notifier;
    private final WatchedFolder.Counters counters = new WatchedFolder.Counters();

    /** Every folder with a snapshot or a watcher. Put and removed under {@link #registry}, looked up without. */
    private final ConcurrentHashMap<FolderId, WatchedFolder> folders = new ConcurrentHashMap<>();

    private final Object registry = new Object();
    private final MailboxWatches mailboxes = new MailboxWatches();
    /** Folders that nobody watches, the longest unwatched first, with what their snapshots hold. Under {@link #registry}. */
    private final LinkedHashMap<FolderId, Integer> idle = new LinkedHashMap<>();

    private long idleMessages;

    private final LinkedBlockingQueue<WatchedFolder> toWake = new LinkedBlockingQueue<>();
    private final Thread waker;
    private final Thread poller;
    private volatile boolean closed;

    /**
     * What the feed holds and has done.
     *
     * @param messages of all snapshots in memory
     * @param loaded snapshots read whole
     * @param advanced snapshots brought up to date from the change log
     * @param applied changes of this node applied in memory
     */
    public record Statistics(int folders, int watchers, long messages, long loaded, long advanced, long applied) {}

    public FolderFeed(Database database, Notifications notifications, FeedSettings settings) {
        this.database = database;
        this.settings = settings;
        this.loader = new SnapshotLoader(database);
        this.notifier = new ChangeNotifier(database, settings.notifyInterval());
        notifications.on(ChangeNotifier.channel(database), new NotificationHandler() {
            @Override
            public void notified(String payload) {
                ChangeNotifier.read(payload, FolderFeed.this::heard, mailboxes::heardTree, FolderFeed.this::missed);
            }

            @Override
            public void missed() {
                FolderFeed.this.missed();
            }
        });
        this.waker = Thread.ofPlatform().daemon().name("folder-feed-waker").start(this::wakeWatchers);
        this.poller = Thread.ofPlatform().daemon().name("folder-feed-poller").start(this::pollForEver);
    }

    /**
     * For somebody who knows no more than the folder's id: the first snapshot is compared with the database.
     *
     * @param changed called after the folder changed, by any thread, several changes at once; must not block and must not
     *     call back into the feed
     */
    public FolderWatch watch(FolderId folder, Runnable changed) {
        return watch(folder, changed, true);
    }

    /** For somebody who has just read the folder's row: the first snapshot is at least as new as that, without asking again. */
    public FolderWatch watch(FolderEntry folder, Runnable changed) {
        var watch = watch(folder.id(), changed, false);
        watch.isAt(folder.state());
        return watch;
    }

    private WatchedFolder unwatched(FolderId folder) {
        return new WatchedFolder(folder, loader, new RecentClaims(database, folder), counters);
    }

    private FolderWatch watch(FolderId folder, Runnable changed, boolean compares) {
        synchronized (registry) {
            var watched = folders.computeIfAbsent(folder, this::unwatched);
            var held = idle.remove(folder);
            idleMessages -= held == null ? 0 : held;
            var watch = new FolderWatch(this, watched, changed, compares);
            watched.watchers.add(watch);
            return watch;
        }
    }

    /**
     * As {@link #watch(FolderEntry, Runnable)}, for somebody to whom the folder's owner has given rights.
     *
     * @param changed called also when these may be others now, or none
     */
    public FolderWatch watchShared(FolderEntry folder, Runnable changed) {
        var watch = watch(folder, changed);
        mailboxes.add(folder.id().mailbox(), watch);
        return watch;
    }

    /**
     * Watches all folders of a mailbox, their names, subscriptions and annotations, and who may do what in them.
     *
     * @param changed called after something changed, by any thread, once or often; must not block
     */
    public MailboxWatch watch(MailboxId mailbox, Runnable changed) {
        var watch = new MailboxWatch(mailboxes, mailbox, changed);
        mailboxes.add(mailbox, watch);
        return watch;
    }

    public Statistics statistics() {
        int watchers = 0;
        long messages = 0;
        int count = 0;
        for (var watched : folders.values()) {
            count++;
            watchers += watched.watchers.size();
            messages += watched.messages();
        }
        return new Statistics(
                count,
                watchers,
                messages,
                counters.loaded().sum(),
                counters.advanced().sum(),
                counters.applied().sum());
    }

    /** Tells the other nodes what is still untold, then stops. */
    @Override
    public void close() {
        closed = true;
        waker.interrupt();
        poller.interrupt();
        notifier.close();
    }

    /** Tells everybody of a change that is committed. */
    void publish(FolderNews news) {
        var watched = folders.get(news.folder());
        if (watched != null && watched.hear(news)) {
            wake(watched);
        }
        mailboxes.heard(news.folder(), news.modseq());
        notifier.tell(news.folder(), news.modseq());
    }

    /** Tells everybody of a committed change whose details are in the change log. */
    void publish(FolderId folder, Modseq modseq) {
        heard(folder, modseq);
        notifier.tell(folder, modseq);
    }

    /** Tells everybody of a committed change of names, subscriptions, annotations, or of who may do what. */
    public void publishTree(MailboxId mailbox) {
        mailboxes.heardTree(mailbox);
        notifier.tellTree(mailbox);
    }

    void unwatch(WatchedFolder watched, FolderWatch watch) {
        mailboxes.remove(watched.folder.mailbox(), watch);
        synchronized (registry) {
            watched.watchers.remove(watch);
            if (!watched.watchers.isEmpty()) {
                return;
            }
            int held = watched.messages();
            idle.put(watched.folder, held);
            idleMessages += held;
            var eldest = idle.entrySet().iterator();
            while (idleMessages > settings.idleMessages() || idle.size() > MAX_IDLE_FOLDERS) {
                var entry = eldest.next();
                idleMessages -= entry.getValue();
                folders.remove(entry.getKey());
                eldest.remove();
            }
        }
    }

    /** However small their snapshots are. */
    private static final int MAX_IDLE_FOLDERS = 50_000;

    private void heard(FolderId folder, Modseq modseq) {
        mailboxes.heard(folder, modseq);
        var watched = folders.get(folder);
        if (watched != null && watched.hear(modseq.value())) {
            wake(watched);
        }
    }

    /** Anything may have been said while nobody listened. */
    private void missed() {
        mailboxes.missed();
        synchronized (registry) {
            // Whoever watches them next reads them anew.
            idle.keySet().forEach(folders::remove);
            idle.clear();
            idleMessages = 0;
        }
        synchronized (pollNow) {
            pollNow[0] = true;
            pollNow.notifyAll();
        }
    }

    private final boolean[] pollNow = {false};

    void wake(WatchedFolder watched) {
        if (!watched.watchers.isEmpty() && watched.waking.compareAndSet(false, true)) {
            toWake.add(watched);
        }
    }

    private void wakeWatchers() {
        while (!closed) {
            try {
                var watched = toWake.take();
                // Before the watchers run: a change from here on is worth another round.
                watched.waking.set(false);
                watched.watchers.forEach(FolderFeed::wake);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static void wake(FolderWatch watch) {
        try {
            watch.wake();
        } catch (RuntimeException e) {
            LOG.error("a watcher failed", e);
        }
    }

    private void pollForEver() {
        while (!closed) {
            try {
                awaitPoll();
                poll();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (DatabaseUnavailable e) {
                LOG.warn("watched folders were not compared with the database: {}", e.getMessage());
            } catch (RuntimeException e) {
                // The interrupt of a close may hit it inside the driver.
                if (!closed) {
                    LOG.error("watched folders were not compared with the database", e);
                }
            }
        }
    }

    private void awaitPoll() throws InterruptedException {
        long end = System.nanoTime() + settings.pollInterval().toNanos();
        synchronized (pollNow) {
            long left = end - System.nanoTime();
            while (!pollNow[0] && left > 0) {
                TimeUnit.NANOSECONDS.timedWait(pollNow, left);
                left = end - System.nanoTime();
            }
            pollNow[0] = false;
        }
    }

    /** Compares the watched folders with the database. */
    void poll() {
        var batch = new ArrayList<WatchedFolder>();
        for (var watched : folders.values()) {
            if (!watched.watchers.isEmpty()) {
                batch.add(watched);
            }
            if (batch.size() == POLL_BATCH) {
                poll(batch);
                batch.clear();
            }
        }
        if (!batch.isEmpty()) {
            poll(batch);
        }
        mailboxes.poll(database);
    }

    private void poll(List<WatchedFolder> batch) {
        var found = database.once(tx -> modseqs(tx, batch));
        for (var watched : batch) {
            var modseq = found.get(watched.folder);
            // Missing: the tombstone is swept already, one past what is known makes the next reader find out.
            if (modseq != null && watched.hear(modseq.value())) {
                wake(watched);
            } else if (modseq == null && watched.hearGone()) {
                wake(watched);
            }
        }
    }

    private static Map<FolderId, Modseq> modseqs(Tx tx, List<WatchedFolder> batch) throws SQLException {
        var found = new HashMap<FolderId, Modseq>();
        tx.list(
                        """
                        SELECT f.mailbox_id, f.folder_id, f.highest_modseq
                          FROM unnest(?::bigint[], ?::bigint[]) AS w (mailbox_id, folder_id)
                          JOIN folder f USING (mailbox_id, folder_id)""",
                        row -> Map.entry(
                                new FolderId(new MailboxId(row.longValue(1)), row.longValue(2)), row.modseq(3)),
                        batch.stream()
                                .mapToLong(watched -> watched.folder.mailbox().value())
                                .toArray(),
                        batch.stream().mapToLong(watched -> watched.folder.id()).toArray())
                .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        return found;
    }
}
