package org.postern.imap.notify;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.postern.imap.Backend;
import org.postern.imap.Feature;
import org.postern.imap.Features;
import org.postern.imap.command.Event;
import org.postern.imap.command.StatusItem;
import org.postern.imap.reply.Untagged;
import org.postern.mailstore.FolderStatus;
import org.postern.mailstore.MailboxWatch;
import org.postern.mailstore.metadata.Metadata;
import org.postern.mailstore.metadata.MetadataEntry;
import org.postern.mailstore.sharing.VisibleFolder;
import org.postern.model.FolderId;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.Right;
import org.postern.model.Uid;
import org.postern.model.UidSet;

/** One NOTIFY SET in force: what its client knows of the folders it sees, and what it shall hear next. */
final class Watching implements AutoCloseable {
    private static final Set<Event> OF_TREE = Set.of(Event.MAILBOX_NAME, Event.SUBSCRIPTION_CHANGE);

    private final Interest interest;
    private final Backend backend;
    private final Features features;
    private final MailboxId mailbox;
    private final Watches watches;

    private KnownTree tree;
    /** The folders whose messages are watched. */
    private Set<FolderId> covered;

    private final Map<FolderId, FolderStatus> counters = new HashMap<>();
    /** By mailbox, up to where its annotations are known. */
    private final Map<MailboxId, Long> metadataTo = new HashMap<>();

    /** What this client has done itself and need not hear of. */
    private final Set<FolderName> ownNames = new HashSet<>();

    private final Set<MetadataEntry> ownEntries = new HashSet<>();
    private final Map<FolderId, UidSet> ownMessages = new HashMap<>();

    /** @param wake called by any thread when there is something to tell */
    Watching(Interest interest, Backend backend, Features features, MailboxId mailbox, Runnable wake) {
        this.interest = interest;
        this.backend = backend;
        this.features = features;
        this.mailbox = mailbox;
        this.watches = new Watches(backend.feed(), wake);
        try {
            watches.follow(Set.of(mailbox)); // First: what changes while the rest is read is told later.
            metadataTo.put(mailbox, backend.metadata().latest(mailbox));
            this.tree = readTree();
            this.covered = coveredNow();
            read(covered).forEach(status -> counters.put(status.id(), status));
        } catch (RuntimeException e) {
            watches.close();
            throw e;
        }
    }

    /** What the mailbox sees, with all whose folders these are watched before they are read. */
    private KnownTree readTree() {
        while (true) {
            var folders = backend.visible().list(mailbox);
            var owners = folders.stream().map(VisibleFolder::owner).collect(Collectors.toSet());
            owners.add(mailbox);
            if (!watches.follow(owners)) {
                return new KnownTree(folders, backend.subscriptions().list(mailbox));
            }
            metadataTo.keySet().retainAll(owners);
            owners.forEach(owner -> metadataTo.computeIfAbsent(owner, backend.metadata()::latest));
        }
    }

    private List<FolderStatus> read(Set<FolderId> folders) {
        return folders.stream().collect(Collectors.groupingBy(FolderId::mailbox)).entrySet().stream()
                .flatMap(some -> backend.folders().statuses(some.getKey(), some.getValue()).stream())
                .toList();
    }

    private Set<FolderId> coveredNow() {
        return tree.folders().stream()
                .filter(interest::inMessages)
                .map(VisibleFolder::id)
                .collect(Collectors.toUnmodifiableSet());
    }

    int size() {
        return covered.size();
    }

    /** STATUS of all that is watched, but of the selected folder (§3.1). */
    List<Untagged> statuses(Optional<FolderId> selected) {
        var statuses = new TreeMap<FolderName, Untagged>();
        counters.values().stream()
                .filter(status -> !selected.equals(Optional.of(status.id())))
                .forEach(status -> tree.find(status.id())
                        .ifPresent(folder -> statuses.put(folder.name(), status(folder, status, true))));
        return List.copyOf(statuses.values());
    }

    private Untagged status(VisibleFolder folder, FolderStatus status, boolean first) {
        var items = new EnumMap<StatusItem, String>(StatusItem.class);
        boolean flags = interest.inFlags(folder);
        items.put(StatusItem.MESSAGES, Long.toString(status.messages()));
        items.put(StatusItem.UIDNEXT, Long.toString(Math.min(status.uidNext(), Uid.MAX)));
        if (first || flags) {
            items.put(StatusItem.UIDVALIDITY, status.uidValidity().toString());
        }
        if (flags) {
            items.put(StatusItem.UNSEEN, Long.toString(status.unseen()));
        }
        if (features.has(Feature.CONDSTORE) || (first && flags)) {
            items.put(StatusItem.HIGHESTMODSEQ, status.highestModseq().toString());
        }
        return new Untagged.Status(folder.name(), items);
    }

    // ---- News

    /** What has happened that the client does not know. */
    List<Untagged> news(Optional<FolderId> selected) {
        var changes = watches.take();
        if (changes.isEmpty()) {
            return List.of();
        }
        try {
            var news = new ArrayList<Untagged>();
            if (changes.tree() || changes.any()) {
                treeNews(news);
                metadataNews(news);
            }
            messageNews(changes, selected, news);
            return news;
        } catch (RuntimeException e) {
            watches.putBack(changes);
            throw e;
        }
    }

    private void treeNews(List<Untagged> news) {
        var before = tree;
        tree = readTree();
        covered = coveredNow();
        counters.keySet().removeIf(folder -> tree.find(folder).isEmpty());
        if (!interest.inAny(OF_TREE)) {
            ownNames.clear();
            return;
        }
        var told = new TreeSet<FolderName>();
        for (var renamed : tree.renamed(before)) {
            if (!ownNames.contains(renamed.to()) && hearsOf(Event.MAILBOX_NAME, renamed.to(), before)) {
                news.add(tree.answer(renamed.to(), Optional.of(renamed.from())));
            }
        }
        tree.createdAndDeleted(before).stream()
                .filter(name -> hearsOf(Event.MAILBOX_NAME, name, before))
                .forEach(told::add);
        tree.resubscribed(before).stream()
                .filter(name -> hearsOf(Event.SUBSCRIPTION_CHANGE, name, before))
                .forEach(told::add);
        told.removeAll(ownNames);
        ownNames.clear();
        told.forEach(name -> news.add(tree.answer(name, Optional.empty())));
    }

    private boolean hearsOf(Event event, FolderName name, KnownTree before) {
        return interest.in(event, name, tree.isSubscribed(name) || before.isSubscribed(name));
    }

    private void metadataNews(List<Untagged> news) {
        var changed = new TreeMap<String, List<MetadataEntry>>();
        for (var owner : watches.mailboxes()) {
            long since = metadataTo.getOrDefault(owner, 0L);
            for (var change : backend.metadata().changedSince(owner, mailbox, since)) {
                metadataTo.merge(owner, change.at(), Math::max);
                if (!ownEntries.contains(change.entry())
                        && (owner.equals(mailbox) || change.folder().isPresent())) {
                    folderHeardOf(change)
                            .ifPresent(folder -> changed.computeIfAbsent(folder, _ -> new ArrayList<>())
                                    .add(change.entry()));
                }
            }
        }
        ownEntries.clear();
        changed.forEach((folder, entries) -> news.add(new Untagged.AnnotationsChanged(folder, entries)));
    }

    /** The folder's name where the client hears of such a change; empty text for the mailbox itself. */
    private Optional<String> folderHeardOf(Metadata.Change change) {
        if (change.folder().isEmpty()) {
            return interest.inAny(Set.of(Event.SERVER_METADATA_CHANGE)) ? Optional.of("") : Optional.empty();
        }
        return tree.find(change.folder().get())
                .filter(folder -> folder.may(Right.READ))
                .filter(folder -> interest.in(Event.MAILBOX_METADATA_CHANGE, folder.name(), folder.subscribed()))
                .map(folder -> folder.name().value());
    }

    private void messageNews(MailboxWatch.Changes changes, Optional<FolderId> selected, List<Untagged> news) {
        var asked = new HashSet<FolderId>();
        for (var folder : covered) {
            if (changes.any() || changes.folders().contains(folder) || !counters.containsKey(folder)) {
                asked.add(folder);
            }
        }
        selected.ifPresent(asked::remove);
        var told = new TreeMap<FolderName, Untagged>();
        for (var status : read(asked)) {
            var before = Optional.ofNullable(counters.put(status.id(), status));
            tree.find(status.id())
                    .filter(folder -> isNews(folder, before, status))
                    .ifPresent(folder -> told.put(folder.name(), status(folder, status, before.isEmpty())));
        }
        news.addAll(told.values());
    }

    private boolean isNews(VisibleFolder folder, Optional<FolderStatus> before, FolderStatus now) {
        var own = Optional.ofNullable(ownMessages.remove(now.id()));
        if (before.isEmpty()) {
            return now.messages() > 0 || interest.inFlags(folder);
        }
        var then = before.get();
        boolean isOwn = own.filter(uids -> then.uidNext() == uids.min()
                        && now.uidNext() == uids.max() + 1
                        && now.highestModseq().value() == then.highestModseq().value() + 1)
                .isPresent();
        if (isOwn) {
            return false;
        }
        if (now.uidNext() != then.uidNext() || now.messages() != then.messages()) {
            return true;
        }
        // Without CONDSTORE nothing but UNSEEN could be told of a change of flags (§5.1).
        return interest.inFlags(folder)
                && !now.highestModseq().equals(then.highestModseq())
                && (features.has(Feature.CONDSTORE) || now.unseen() != then.unseen());
    }

    // ---- What the client did itself (§5)

    void caused(FolderName name) {
        ownNames.add(name);
        name.parent().ifPresent(ownNames::add);
    }

    void caused(List<MetadataEntry> entries) {
        ownEntries.addAll(entries);
    }

    void created(FolderId folder, UidSet uids) {
        ownMessages.put(folder, uids);
    }

    /** The folder is selected no more: what happened to it meanwhile has been told, or not. */
    void left(FolderId folder) {
        watches.putBack(new MailboxWatch.Changes(Set.of(folder), false, false));
    }

    @Override
    public void close() {
        watches.close();
    }
}
