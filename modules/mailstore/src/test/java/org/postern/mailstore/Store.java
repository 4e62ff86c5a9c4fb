package org.postern.mailstore;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.Assertions;
import org.postern.database.Database;
import org.postern.database.Notifications;
import org.postern.mime.MessageParser;
import org.postern.mime.bytes.Spool;
import org.postern.model.FlagChange;
import org.postern.model.Flags;
import org.postern.model.FolderId;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.Modseq;
import org.postern.model.StorageLimit;
import org.postern.model.SystemFlag;
import org.postern.model.Uid;
import org.postern.model.UidSet;
import org.postern.testkit.OnScratch;

/** One node's mail store over a scratch database, with short words for what tests do most. */
final class Store implements AutoCloseable {
    static final Instant DATE = Instant.parse("2026-01-02T03:04:05Z");
    private static final AtomicLong NEXT_MAILBOX = new AtomicLong(1);

    final Database database;
    final Notifications notifications;
    final FolderFeed feed;
    final FolderTree tree;
    final Subscriptions subscriptions;
    final FolderStore folders;
    final Contents contents;

    Store(Database database) {
        this(database, new FeedSettings(Duration.ofMinutes(10), Duration.ofMillis(5), 100_000));
    }

    Store(Database database, FeedSettings settings) {
        this.database = database;
        this.notifications = database.listen();
        this.feed = new FolderFeed(database, notifications, settings);
        this.tree = new FolderTree(database, feed);
        this.subscriptions = new Subscriptions(database, feed);
        this.folders = new FolderStore(database, feed);
        this.contents = new Contents(database);
    }

    /** One for all tests of a class; after each of them its invariants hold. */
    static OnScratch<Store> forClass() {
        return OnScratch.forClass((database, _) -> new Store(database))
                .checking(store -> Assertions.assertThat(store.violations()).isEmpty());
    }

    /** A new mailbox with its standard folders. */
    MailboxId mailbox() {
        var id = new MailboxId(NEXT_MAILBOX.getAndIncrement());
        database.transact(tx -> {
            tx.update("INSERT INTO account (account_id, name, plan) VALUES (?, ?, 'any')", id.value(), "account " + id);
            tx.update(
                    "INSERT INTO mailbox (mailbox_id, account_id, address) VALUES (?, ?, ?)",
                    id.value(),
                    id.value(),
                    "m" + id + "@example.org");
            tree.createStandard(tx, id);
            return id;
        });
        return id;
    }

    FolderId inbox(MailboxId mailbox) {
        return folder(mailbox, "INBOX");
    }

    FolderId folder(MailboxId mailbox, String name) {
        return tree.find(mailbox, new FolderName(name)).orElseThrow().id();
    }

    /** As its row is now. */
    FolderEntry entry(FolderId folder) {
        return tree.list(folder.mailbox()).stream()
                .filter(entry -> entry.id().equals(folder))
                .findAny()
                .orElseThrow();
    }

    static NewMessage message(String text, SystemFlag... flags) {
        return message(text.getBytes(StandardCharsets.UTF_8), Flags.of(flags));
    }

    static NewMessage message(byte[] bytes, Flags flags) {
        var spool = Spool.of(bytes);
        try {
            return new NewMessage(MessageParser.parse(spool), spool, flags, DATE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static NewMessage numbered(int n, SystemFlag... flags) {
        return message("Subject: number " + n + "\r\n\r\nbody of " + n + "\r\n", flags);
    }

    AppendOutcome.Appended append(MailboxId mailbox, String folder, NewMessage... messages) {
        var outcome = tryAppend(mailbox, folder, StorageLimit.NONE, messages);
        Assertions.assertThat(outcome).isInstanceOf(AppendOutcome.Appended.class);
        return (AppendOutcome.Appended) outcome;
    }

    AppendOutcome tryAppend(MailboxId mailbox, String folder, StorageLimit limit, NewMessage... messages) {
        try {
            return folders.append(mailbox, new FolderName(folder), Arrays.asList(messages), limit);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** So many small messages, unseen. */
    FolderId filled(MailboxId mailbox, String folder, int count) {
        var messages = new NewMessage[count];
        for (int i = 0; i < count; i++) {
            messages[i] = numbered(i + 1);
        }
        return append(mailbox, folder, messages).folder();
    }

    StoreOutcome add(FolderId folder, UidSet uids, SystemFlag... flags) {
        return folders.store(folder, uids, new FlagChange(FlagChange.Mode.ADD, Flags.of(flags)), Optional.empty());
    }

    StoreOutcome.Stored change(FolderId folder, UidSet uids, FlagChange.Mode mode, Flags flags) {
        return (StoreOutcome.Stored) folders.store(folder, uids, new FlagChange(mode, flags), Optional.empty());
    }

    FolderStatus status(FolderId folder) {
        return tree.status(folder).orElseThrow();
    }

    byte[] bytes(FolderId folder, long uid) {
        var out = new ByteArrayOutputStream();
        try {
            Assertions.assertThat(contents.stream(folder, new Uid(uid), 0, Long.MAX_VALUE, out))
                    .isTrue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** What the database has, read whole. */
    FolderSnapshot fresh(FolderId folder) {
        return new SnapshotLoader(database).load(folder);
    }

    List<String> violations() {
        return StoreInvariants.violations(database);
    }

    static UidSet uids(long first, long last) {
        return UidSet.range(first, last);
    }

    static Modseq modseq(long value) {
        return new Modseq(value);
    }

    /** Every row of a snapshot, for comparisons. */
    static List<MessageRow> rows(FolderSnapshot snapshot) {
        return java.util.stream.IntStream.range(0, snapshot.size())
                .mapToObj(snapshot::row)
                .toList();
    }

    @Override
    public void close() {
        feed.close();
        notifications.close();
    }
}
