package org.postern.imap.notify;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.postern.imap.reply.Untagged;
import org.postern.imap.reply.Untagged.Attribute;
import org.postern.mailstore.sharing.VisibleFolder;
import org.postern.model.FolderId;
import org.postern.model.FolderName;

/** The folders that a mailbox sees by name and by id, and its subscriptions, at one moment. */
final class KnownTree {
    private final Map<FolderId, VisibleFolder> byId = new HashMap<>();
    private final Map<FolderName, VisibleFolder> byName = new TreeMap<>();
    private final Set<FolderName> parents = new HashSet<>();
    private final Set<FolderName> subscribed;

    KnownTree(Collection<VisibleFolder> folders, Collection<FolderName> subscribed) {
        this.subscribed = Set.copyOf(subscribed);
        for (var folder : folders) {
            byId.put(folder.id(), folder);
            byName.put(folder.name(), folder);
            folder.name().parent().ifPresent(parents::add);
        }
    }

    /** A name's renaming, of itself and not of one above it. */
    record Renamed(FolderName from, FolderName to) {}

    Collection<VisibleFolder> folders() {
        return byName.values();
    }

    Optional<VisibleFolder> find(FolderId folder) {
        return Optional.ofNullable(byId.get(folder));
    }

    boolean isSubscribed(FolderName name) {
        return subscribed.contains(name);
    }

    /** Names that came to be or are gone, by no renaming, since {@code before}; and the names right above them (§5.4). */
    Set<FolderName> createdAndDeleted(KnownTree before) {
        var affected = new HashSet<FolderName>();
        for (var folder : byName.values()) {
            if (!before.byId.containsKey(folder.id()) && inboxBefore(folder).isEmpty()) {
                affected.add(folder.name());
            }
        }
        for (var folder : before.byName.values()) {
            if (!byId.containsKey(folder.id())) {
                affected.add(folder.name());
            }
        }
        List.copyOf(affected).forEach(name -> name.parent().ifPresent(affected::add));
        return affected;
    }

    /** Of a folder that took those below it along, it alone (§5.4). */
    List<Renamed> renamed(KnownTree before) {
        var names = new TreeMap<FolderName, FolderName>();
        for (var folder : byName.values()) {
            before.find(folder.id())
                    .map(VisibleFolder::name)
                    .or(() -> inboxBefore(folder))
                    .filter(name -> !name.equals(folder.name()))
                    .ifPresent(name -> names.put(name, folder.name()));
        }
        var renamed = new ArrayList<Renamed>();
        names.forEach((from, to) -> {
            boolean alongWithOther = false;
            for (var above = from.parent();
                    above.isPresent();
                    above = above.get().parent()) {
                var target = Optional.ofNullable(names.get(above.get()));
                alongWithOther |= target.isPresent() && to.equals(from.moved(above.get(), target.get()));
            }
            if (!alongWithOther) {
                renamed.add(new Renamed(from, to));
            }
        });
        return renamed;
    }

    /** A renamed INBOX leaves a new one behind, of which nobody is told (§5.4). */
    private static Optional<FolderName> inboxBefore(VisibleFolder folder) {
        return folder.entry().wasInbox() ? Optional.of(FolderName.INBOX) : Optional.empty();
    }

    /** Names subscribed to now and not then, or the other way round. */
    Set<FolderName> resubscribed(KnownTree before) {
        var changed = new HashSet<>(subscribed);
        changed.addAll(before.subscribed);
        changed.removeIf(name -> subscribed.contains(name) == before.subscribed.contains(name));
        return changed;
    }

    /** What LIST says of a name, there or not. */
    Untagged answer(FolderName name, Optional<FolderName> oldName) {
        var folder = Optional.ofNullable(byName.get(name));
        var attributes = new ArrayList<Attribute>();
        if (folder.isPresent()) {
            attributes.add(parents.contains(name) ? Attribute.HAS_CHILDREN : Attribute.HAS_NO_CHILDREN);
        } else {
            attributes.add(Attribute.NON_EXISTENT);
            if (parents.contains(name)) {
                attributes.add(Attribute.NOSELECT);
                attributes.add(Attribute.HAS_CHILDREN);
            }
        }
        if (subscribed.contains(name)) {
            attributes.add(Attribute.SUBSCRIBED);
        }
        return new Untagged.Folder(
                false,
                name.value(),
                attributes,
                folder.flatMap(VisibleFolder::use),
                List.of(),
                oldName.map(FolderName::value));
    }
}
