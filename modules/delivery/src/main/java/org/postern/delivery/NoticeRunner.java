package org.postern.delivery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import org.postern.accounts.Notice;
import org.postern.accounts.Notices;
import org.postern.database.Database;
import org.postern.database.Rhythm;
import org.postern.database.Tx;
import org.postern.mailstore.DeliverOutcome;
import org.postern.mailstore.DeliverOutcome.Fate;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.NewMessage;
import org.postern.mailstore.Parcel;
import org.postern.mime.MessageParser;
import org.postern.mime.bytes.Spool;
import org.postern.model.Flags;
import org.postern.model.FolderName;
import org.postern.model.StorageLimit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers notices into their mailboxes. Message and mark are one transaction, and a notice is locked by one node at a time: it is
 * delivered exactly once, whenever a process dies. A full mailbox gets its notices too: they may say why it cannot send.
 */
public final class NoticeRunner implements AutoCloseable {
    /** How late a notice may be. */
    public static final Duration INTERVAL = Duration.ofSeconds(5);

    /** Delivered in one transaction. */
    static final int BATCH = 50;

    private static final Logger LOG = LoggerFactory.getLogger(NoticeRunner.class);

    private final Database database;
    private final FolderStore store;
    private final NoticeText text;
    private final InstantSource clock;
    private final Notices notices = new Notices();
    private final Rhythm rhythm;

    private NoticeRunner(Database database, FolderStore store, NoticeText text, InstantSource clock) {
        this.database = database;
        this.store = store;
        this.text = text;
        this.clock = clock;
        this.rhythm = Rhythm.start("notices", INTERVAL, this::deliverAll);
    }

    public static NoticeRunner start(Database database, FolderStore store, NoticeText text, InstantSource clock) {
        return new NoticeRunner(database, store, text, clock);
    }

    private record Run(DeliverOutcome outcome, int delivered) {}

    /** Until none is left that could be delivered now. */
    void deliverAll() {
        while (deliver() == BATCH) {
            // The next batch.
        }
    }

    private int deliver() {
        var run = database.transact(this::deliver);
        run.outcome().committed();
        return run.delivered();
    }

    private Run deliver(Tx tx) throws SQLException {
        var waiting = notices.lockWaiting(tx, BATCH);
        var parcels = new ArrayList<Parcel>();
        try {
            for (var notice : waiting) {
                parcels.add(new Parcel(notice.mailbox(), FolderName.INBOX, message(notice), StorageLimit.NONE));
            }
            // All of them are small: nothing is written ahead, and the folders are locked last.
            var outcome = store.deliver(tx, store.prepare(parcels));
            var done = new ArrayList<Notice>();
            for (int i = 0; i < waiting.size(); i++) {
                if (isDone(waiting.get(i), outcome.fates().get(i))) {
                    done.add(waiting.get(i));
                }
            }
            notices.delivered(tx, done);
            return new Run(outcome, done.size());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isDone(Notice notice, Fate fate) {
        return switch (fate) {
            case Fate.Delivered in -> true;
            case Fate.Busy busy -> false;
            case Fate.Full full -> throw new IllegalStateException("a notice is under no limit");
            case Fate.NoFolder none -> {
                LOG.warn("notice {} to mailbox {} finds no INBOX that takes it", notice.id(), notice.mailbox());
                yield true;
            }
        };
    }

    private NewMessage message(Notice notice) throws IOException {
        var bytes = Spool.of(text.message(notice));
        return new NewMessage(MessageParser.parse(bytes), bytes, Flags.NONE, clock.instant());
    }

    /** After the batch at hand. */
    @Override
    public void close() {
        rhythm.close();
    }
}
