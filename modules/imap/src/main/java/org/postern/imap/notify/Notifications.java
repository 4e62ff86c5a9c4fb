package org.postern.imap.notify;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postern.database.DatabaseUnavailable;
import org.postern.imap.Backend;
import org.postern.imap.Features;
import org.postern.imap.ImapLimits;
import org.postern.imap.command.Command.Notify;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Tagged;
import org.postern.imap.reply.Untagged;
import org.postern.mailstore.metadata.MetadataEntry;
import org.postern.model.FolderId;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.UidSet;

/** What one client hears unasked; before its first NOTIFY, of the selected folder alone (RFC 5465 §3.1). */
public final class Notifications implements AutoCloseable {
    private final Backend backend;
    private final Features features;
    private final int maxFolders;
    private final Consumer<RuntimeException> failed;
    private final Runnable wake;

    private SelectedEvents ofSelected = SelectedEvents.DEFAULT;
    private @Nullable Watching watching;
    private @Nullable FolderId selected;
    /** Messages of the selected folder that this client has put there itself (§5.2). */
    private UidSet ownOfSelected = UidSet.empty();

    /**
     * @param failed told of bugs
     * @param wake called by any thread when there may be news
     */
    public Notifications(
            Backend backend, Features features, ImapLimits limits, Consumer<RuntimeException> failed, Runnable wake) {
        this.failed = failed;
        this.backend = backend;
        this.features = features;
        this.maxFolders = limits.watchedFolders();
        this.wake = wake;
    }

    public SelectedEvents ofSelected() {
        return ofSelected;
    }

    /** Whether the client listens while it runs no command. */
    public boolean isListening() {
        return watching != null;
    }

    /**
     * {@code NOTIFY SET}: takes the place of what was set before.
     *
     * @return the counters of the folders, where they were asked for; empty when there are too many folders, and then all stays
     *     as it was
     */
    public Optional<List<Untagged>> set(Notify notify, MailboxId mailbox) {
        var next = new Watching(new Interest(notify.groups()), backend, features, mailbox, wake);
        if (next.size() > maxFolders) {
            next.close();
            return Optional.empty();
        }
        stop();
        watching = next;
        ofSelected = SelectedEvents.of(notify.groups());
        return Optional.of(notify.status() ? next.statuses(Optional.ofNullable(selected)) : List.of());
    }

    /** {@code NOTIFY NONE}. */
    public void none() {
        stop();
        ofSelected = SelectedEvents.of(List.of());
    }

    private void stop() {
        if (watching != null) {
            watching.close();
            watching = null;
        }
    }

    /**
     * What is new outside the selected folder.
     *
     * @throws org.postern.database.DatabaseUnavailable when the database is needed and away; the news are told later
     */
    public List<Untagged> news() {
        if (watching == null) {
            return List.of();
        }
        try {
            var news = watching.news(Optional.ofNullable(selected));
            return news.isEmpty() || watching.size() <= maxFolders
                    ? news
                    : givenUp("There are more than " + maxFolders + " folders to watch now");
        } catch (DatabaseUnavailable e) {
            throw e;
        } catch (RuntimeException e) {
            // No command failed: the client hears that it will hear no more, and its session goes on (§5.8).
            failed.accept(e);
            return givenUp("Internal error: ask again");
        }
    }

    private List<Untagged> givenUp(String why) {
        none();
        return List.of(new Untagged.Note(Tagged.ok(Code.Plain.NOTIFICATIONOVERFLOW, why)));
    }

    // ---- What the client did itself and need not hear of (§5)

    /** Created, deleted, renamed, subscribed to or not. */
    public void caused(FolderName name) {
        if (watching != null) {
            watching.caused(name);
        }
    }

    public void caused(List<MetadataEntry> entries) {
        if (watching != null) {
            watching.caused(entries);
        }
    }

    /** Appended or copied. */
    public void created(FolderId folder, UidSet uids) {
        if (watching != null) {
            watching.created(folder, uids);
        }
        if (folder.equals(selected) && !ofSelected.fetched().isEmpty()) {
            ownOfSelected = ownOfSelected.union(uids);
        }
    }

    /** What of these messages of the selected folder others have put there. */
    public UidSet byOthers(UidSet fresh) {
        var others = fresh.without(ownOfSelected);
        ownOfSelected = UidSet.empty();
        return others;
    }

    /** From now on that folder is the selected one. */
    public void entered(FolderId folder) {
        selected = folder;
        ownOfSelected = UidSet.empty();
    }

    /** No folder is selected any more. */
    public void left() {
        if (watching != null && selected != null) {
            watching.left(selected);
        }
        selected = null;
    }

    /** As after login. */
    public void reset() {
        stop();
        ofSelected = SelectedEvents.DEFAULT;
    }

    @Override
    public void close() {
        stop();
    }
}
