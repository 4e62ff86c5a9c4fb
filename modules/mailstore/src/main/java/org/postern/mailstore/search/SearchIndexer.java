package org.postern.mailstore.search;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.postern.database.Database;
import org.postern.database.DatabaseUnavailable;
import org.postern.database.Tx;
import org.postern.mailstore.Contents;
import org.postern.mime.MessageCodec;
import org.postern.mime.bytes.MessageBytes;
import org.postern.mime.bytes.Spool;
import org.postern.model.ContentId;
import org.postern.model.MailboxId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Extracts and indexes the text of what has arrived, in batches, on its own thread: nobody who stores a message waits for it, and
 * while the processors are busy it waits for them. Any number of nodes do so at once; each batch is one node's.
 */
public final class SearchIndexer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SearchIndexer.class);
    /** A message up to this size is read whole; of a larger one a slice at a time. */
    private static final int HELD_BYTES = 256 << 10;
    /** Contents read with one statement: 4 MB at most. */
    private static final int READ_AT_ONCE = 16;
    /** How often a mailbox's open texts are counted while they grow to a block; a node counts only what it has extracted itself. */
    private static final int LOOKS_PER_BLOCK = 8;
    /** From this share of all processors on, other work has them. */
    private static final double BUSY = 0.5;

    private final Database database;
    private final Contents contents;
    private final IndexSettings settings;
    private final DoubleSupplier processorLoad;
    private final Object lock = new Object();
    /** Texts that mailboxes got since their open ones were last counted, which costs. Indexing thread only. */
    private final Map<Long, Integer> grown = new HashMap<>();
    /** Whether all mailboxes were looked at once: those that grew while no node made blocks. */
    private boolean lookedAtAll;

    private boolean closed;

    public SearchIndexer(Database database, Contents contents, IndexSettings settings) {
        this(
                database,
                contents,
                settings,
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)::getCpuLoad);
    }

    /** @param processorLoad since it was last asked for, of all processors: 0 to 1, or less where nobody knows */
    public SearchIndexer(Database database, Contents contents, IndexSettings settings, DoubleSupplier processorLoad) {
        this.database = database;
        this.contents = contents;
        this.settings = settings;
        this.processorLoad = processorLoad;
    }

    /** Works from now on whenever there is something to do. */
    public void start() {
        Thread.ofPlatform().daemon().name("search-indexer").start(this::run);
    }

    /** Does what there is to do now, unless it is closed meanwhile. */
    public void work() throws IOException {
        while (!isClosed() && extract() == settings.batch()) {
            // Until less than a batch was left: what comes meanwhile makes a larger one next time.
        }
        while (!isClosed() && build()) {
            // Likewise.
        }
        while (!isClosed() && check()) {
            // Likewise.
        }
    }

    /** Stops after the batch at hand. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
    }

    // ---- Extracting

    private record Claim(MailboxId mailbox, ContentId content) {}

    /** @return how many contents there were */
    private int extract() throws IOException {
        var claims = database.transact(tx -> tx.list(
                "SELECT mailbox_id, content_id FROM search_claim(?, ?::interval)",
                row -> new Claim(new MailboxId(row.longValue(1)), new ContentId(row.longValue(2))),
                settings.batch(),
                text(settings.lease())));
        if (claims.isEmpty()) {
            return 0;
        }
        var texts = new ArrayList<Extracted>();
        long bytes = 0;
        for (int from = 0; from < claims.size(); from += READ_AT_ONCE) {
            for (var content : read(claims.subList(from, Math.min(from + READ_AT_ONCE, claims.size())))) {
                var extracted = extracted(content);
                texts.add(extracted);
                bytes += extracted.bytes();
                if (bytes > settings.batchBytes()) {
                    store(texts);
                    texts.clear();
                    bytes = 0;
                }
            }
        }
        store(texts);
        claims.forEach(claim -> grown.merge(claim.mailbox().value(), 1, Integer::sum));
        return claims.size();
    }

    /** @param bytes empty where it is large: then it is read a slice at a time */
    @SuppressWarnings("ArrayRecordComponent") // Read once.
    private record Content(Claim claim, byte[] structure, long size, Optional<byte[]> bytes) {}

    /** Those of the contents that are still there. What is not is nobody's to do any more. */
    private List<Content> read(List<Claim> claims) {
        return database.once(tx -> tx.list(
                """
                SELECT c.mailbox_id, c.content_id, c.structure, c.size, CASE WHEN c.size <= ? THEN c.header || c.body END
                  FROM unnest(?, ?) AS claimed (mailbox_id, content_id)
                  JOIN content c USING (mailbox_id, content_id)""",
                row -> new Content(
                        new Claim(new MailboxId(row.longValue(1)), new ContentId(row.longValue(2))),
                        row.bytes(3),
                        row.longValue(4),
                        row.optionalBytes(5)),
                HELD_BYTES,
                claims.stream().mapToLong(claim -> claim.mailbox().value()).toArray(),
                claims.stream().mapToLong(claim -> claim.content().value()).toArray()));
    }

    /** @param text empty when it is too long */
    private record Extracted(Claim claim, Optional<FoldedText> text) {
        long bytes() {
            return text.map(some -> some.header().length + (long) some.body().length)
                    .orElse(0L);
        }
    }

    private Extracted extracted(Content content) throws IOException {
        var structure = MessageCodec.decodeStructure(content.structure());
        return new Extracted(content.claim(), FoldedText.of(structure, bytes(content), settings.textBytes()));
    }

    private MessageBytes bytes(Content content) {
        return content.bytes().isPresent()
                ? Spool.of(content.bytes().get())
                : contents.bytes(content.claim().mailbox(), content.claim().content(), content.size());
    }

    private void store(List<Extracted> texts) {
        if (texts.isEmpty()) {
            return;
        }
        int count = texts.size();
        var mailboxes = new long[count];
        var ids = new long[count];
        var headers = new byte[count][];
        var bodies = new byte[count][];
        var tooLong = new boolean[count];
        for (int i = 0; i < count; i++) {
            var text = texts.get(i).text();
            mailboxes[i] = texts.get(i).claim().mailbox().value();
            ids[i] = texts.get(i).claim().content().value();
            headers[i] = text.map(FoldedText::header).orElse(new byte[0]);
            bodies[i] = text.map(FoldedText::body).orElse(new byte[0]);
            tooLong[i] = text.isEmpty();
        }
        database.transact(tx -> {
            tx.call("SELECT search_store(?, ?, ?, ?, ?)", mailboxes, ids, headers, bodies, tooLong);
            return count;
        });
    }

    // ---- Blocks

    /**
     * Makes a block where a mailbox has texts enough.
     *
     * @return whether one had
     */
    private boolean build() {
        var ripe = grown.entrySet().stream()
                .filter(mailbox -> mailbox.getValue() >= settings.blockTexts() / LOOKS_PER_BLOCK)
                .mapToLong(Map.Entry::getKey)
                .toArray();
        if (lookedAtAll && ripe.length == 0) {
            return false;
        }
        var mailbox = database.once(tx -> lookedAtAll
                ? tx.one(
                        "SELECT search_full_mailbox_among(?, ?)",
                        row -> row.optionalLong(1),
                        ripe,
                        settings.blockTexts())
                : tx.one("SELECT search_full_mailbox(?)", row -> row.optionalLong(1), settings.blockTexts()));
        if (mailbox.isEmpty()) {
            lookedAtAll = true;
            Arrays.stream(ripe).forEach(grown::remove);
            return false;
        }
        database.transact(tx -> block(tx, mailbox.getAsLong()));
        return true;
    }

    /** One block: the texts are read a few at a time, and leave the open with the same commit. */
    private boolean block(Tx tx, long mailbox) throws SQLException {
        // Another node may be at it: then there is nothing left to do here. Waiting would only make a second, smaller
        // one.
        var ids = tx.list("""
                SELECT o.content_id FROM search_open o JOIN search_text t USING (mailbox_id, content_id)
                 WHERE o.mailbox_id = ? AND t.body IS NOT NULL
                 ORDER BY o.content_id LIMIT ? FOR UPDATE OF o SKIP LOCKED""", row -> row.longValue(1), mailbox, settings.blockTexts());
        if (ids.size() < settings.blockTexts()) {
            return false;
        }
        var contentIds = ids.stream().mapToLong(Long::longValue).toArray();
        int bitmapBytes = settings.blockTexts() / Byte.SIZE;
        var bitmaps = new byte[Grams.SLOTS * bitmapBytes];
        var places = ByteBuffer.allocate(contentIds.length * Long.BYTES);
        var bit = new int[] {0};
        tx.each(
                """
                SELECT t.content_id, t.header, t.body
                  FROM search_text t WHERE t.mailbox_id = ? AND t.content_id = ANY (?) ORDER BY t.content_id""",
                16,
                row -> {
                    places.putLong(row.longValue(1));
                    Grams.mark(row.bytes(2), bit[0], bitmaps, bitmapBytes);
                    Grams.mark(row.bytes(3), bit[0]++, bitmaps, bitmapBytes);
                },
                mailbox,
                contentIds);
        // Of a content that was swept just now its bit stays empty, and the id of nothing.
        tx.update(
                "INSERT INTO search_block (mailbox_id, block_id, contents, slots) VALUES (?, nextval('search_block_id'), ?, ?)",
                mailbox,
                places.array(),
                bitmaps);
        tx.update("DELETE FROM search_open WHERE mailbox_id = ? AND content_id = ANY (?)", mailbox, contentIds);
        return true;
    }

    /** @return whether there was a block to look at */
    private boolean check() {
        return database.transact(
                tx -> tx.one("SELECT search_check_block(?::interval)", row -> row.bool(1), text(settings.recheck())));
    }

    // ---- The thread

    private void run() {
        try {
            do {
                workAndLog();
            } while (pause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void workAndLog() {
        try {
            work();
        } catch (DatabaseUnavailable e) {
            LOG.warn("the search index waits for the database: {}", e.getMessage());
        } catch (IOException | RuntimeException e) {
            LOG.error("indexing failed", e);
        }
    }

    /**
     * Until the next look is due, and for as long as others have the processors.
     *
     * @return false when closed
     */
    private boolean pause() throws InterruptedException {
        long began = System.nanoTime();
        boolean busy;
        do {
            var _ = processorLoad.getAsDouble(); // From now on, without our own work.
            if (!pause(settings.interval())) {
                return false;
            }
            busy = processorLoad.getAsDouble() > BUSY;
        } while (busy && System.nanoTime() - began < settings.patience().toNanos());
        return true;
    }

    /** @return false when closed */
    private boolean pause(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        synchronized (lock) {
            for (long left = time.toNanos(); left > 0 && !closed; left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(lock, left);
            }
            return !closed;
        }
    }

    private boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    private static String text(Duration duration) {
        return duration.toMillis() + " milliseconds";
    }
}
