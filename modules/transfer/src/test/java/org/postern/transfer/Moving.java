package org.postern.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.postern.database.Notifications;
import org.postern.mailstore.Contents;
import org.postern.mailstore.FeedSettings;
import org.postern.mailstore.FolderFeed;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.Imports;
import org.postern.mailstore.Pop3View;
import org.postern.mailstore.StoreInvariants;
import org.postern.mailstore.Subscriptions;
import org.postern.mime.bytes.SpoolMemory;
import org.postern.mime.bytes.SpoolSettings;
import org.postern.model.Flags;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.StorageLimit;
import org.postern.model.Uid;
import org.postern.testkit.ScratchDatabase;

/** A mail store to import into and export from, with the words for it; the store's invariants are checked after each test. */
@SuppressWarnings("NullAway.Init") // Opened with the class.
public final class Moving implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
    private static final AtomicLong MAILBOXES = new AtomicLong(1);

    private final ScratchDatabase scratch = new ScratchDatabase();
    private Notifications notifications;
    private FolderFeed feed;
    public FolderTree tree;
    public FolderStore store;
    public Subscriptions subscriptions;
    public Imports imports;
    public Pop3View pop3;
    public Importer importer;
    public Exporter exporter;
    private Contents contents;

    /** What one import came to. */
    public record Outcome(ImportCounts counts, List<String> troubles) {}

    /** One message as it is now. */
    public record Stored(long uid, Flags flags, Instant date, String text) {}

    @Override
    public void beforeAll(ExtensionContext context) {
        scratch.beforeAll(context);
        var database = scratch.database();
        notifications = database.listen();
        feed = new FolderFeed(database, notifications, FeedSettings.DEFAULT);
        tree = new FolderTree(database, feed);
        store = new FolderStore(database, feed);
        subscriptions = new Subscriptions(database, feed);
        imports = new Imports(database, feed);
        contents = new Contents(database);
        pop3 = new Pop3View(database, store);
        importer = new Importer(tree, store, subscriptions, imports);
        exporter = new Exporter(tree, feed, contents, pop3);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        assertThat(StoreInvariants.violations(scratch.database())).isEmpty();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        feed.close();
        notifications.close();
        scratch.afterAll(context);
    }

    public MailboxId mailbox() {
        var id = new MailboxId(MAILBOXES.getAndIncrement());
        scratch.database().transact(tx -> {
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

    public Outcome bring(MailboxId mailbox, MailSource source) {
        return bring(source, settings(mailbox));
    }

    public Outcome bringWithUids(MailboxId mailbox, MailSource source) {
        return bring(source, new ImportSettings(mailbox, StorageLimit.NONE, true, spools(1 << 20)));
    }

    public static ImportSettings settings(MailboxId mailbox) {
        return new ImportSettings(mailbox, StorageLimit.NONE, false, spools(1 << 20));
    }

    public static SpoolSettings spools(long maxBytes) {
        return new SpoolSettings(Path.of(System.getProperty("java.io.tmpdir")), 4096, SpoolMemory.NONE, maxBytes);
    }

    public Outcome bring(MailSource source, ImportSettings settings) {
        var troubles = new ArrayList<String>();
        var listener = new ImportListener() {
            @Override
            public void folder(FolderFacts facts, FolderName target) {}

            @Override
            public void progress(ImportCounts counts) {}

            @Override
            public void trouble(Trouble trouble) {
                troubles.add(trouble.code().word() + ": " + trouble.folder() + ", " + trouble.message());
            }

            @Override
            public void gone(SourceGone why, Duration pause) {
                throw new AssertionError(why);
            }
        };
        try (source) {
            return new Outcome(importer.run(source, settings, listener), troubles);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public List<String> folders(MailboxId mailbox) {
        return tree.list(mailbox).stream().map(entry -> entry.name().value()).toList();
    }

    public long uidValidity(MailboxId mailbox, String folder) {
        return tree.find(mailbox, new FolderName(folder))
                .orElseThrow()
                .uidValidity()
                .value();
    }

    public List<Stored> messages(MailboxId mailbox, String folder) {
        var id = tree.find(mailbox, new FolderName(folder)).orElseThrow().id();
        try (var watch = feed.watch(id, () -> {})) {
            var snapshot = watch.snapshot();
            var stored = new ArrayList<Stored>();
            for (int i = 0; i < snapshot.size(); i++) {
                var bytes = new ByteArrayOutputStream();
                contents.stream(id, new Uid(snapshot.uid(i)), 0, Long.MAX_VALUE, bytes);
                stored.add(new Stored(
                        snapshot.uid(i),
                        snapshot.flags(i),
                        snapshot.internalDate(i),
                        bytes.toString(StandardCharsets.UTF_8)));
            }
            return stored;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each message of a folder as {@code uid subject flags…}. */
    public List<String> lines(MailboxId mailbox, String folder) {
        return messages(mailbox, folder).stream()
                .map(each -> (each.uid + " " + subject(each.text) + " " + String.join(" ", each.flags.names())).strip())
                .toList();
    }

    private static String subject(String text) {
        return text.lines()
                .filter(line -> line.startsWith("Subject: "))
                .findFirst()
                .map(line -> line.substring("Subject: ".length()))
                .orElse("-");
    }

    public List<String> uidls(MailboxId mailbox) {
        var inbox = tree.find(mailbox, FolderName.INBOX).orElseThrow();
        var marks = pop3.marks(inbox.id());
        return messages(mailbox, "INBOX").stream()
                .map(each -> marks.uidl(each.uid).orElse("-"))
                .toList();
    }
}
