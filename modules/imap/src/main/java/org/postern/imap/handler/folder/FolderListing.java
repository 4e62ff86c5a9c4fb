package org.postern.imap.handler.folder;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.postern.imap.command.ListOptions;
import org.postern.imap.command.ListOptions.Choice;
import org.postern.imap.command.ListOptions.Told;
import org.postern.imap.reply.Untagged;
import org.postern.imap.reply.Untagged.Attribute;
import org.postern.mailstore.sharing.VisibleFolder;
import org.postern.model.FolderName;

/** Chooses the folders that a LIST names, and says of each what the client wants to know (RFC 5258 §3, §4). */
final class FolderListing {
    private final ListOptions options;
    private final TreeMap<FolderName, VisibleFolder> folders = new TreeMap<>();
    private final Set<FolderName> subscribed;
    private final Set<FolderName> parents = new HashSet<>();
    /** Levels above folders of others that are no folders, or none that the client sees. */
    private final Set<FolderName> levels = new HashSet<>();

    /**
     * @param folders all that the client may see
     * @param subscribed names, of folders or not; needed only where {@link #needsSubscriptions}
     */
    FolderListing(ListOptions options, Collection<VisibleFolder> folders, Collection<FolderName> subscribed) {
        this.options = options;
        this.subscribed = Set.copyOf(subscribed);
        for (var folder : folders) {
            this.folders.put(folder.name(), folder);
            folder.name().parent().ifPresent(parents::add);
        }
        for (var folder : folders) {
            for (var up = folder.name().parent();
                    up.isPresent() && !this.folders.containsKey(up.get()) && levels.add(up.get());
                    up = up.get().parent()) {
                up.get().parent().ifPresent(parents::add);
            }
        }
    }

    /** Whether names without folder count, or subscriptions are told. */
    static boolean needsSubscriptions(ListOptions options) {
        return options.choices().contains(Choice.SUBSCRIBED) || options.told().contains(Told.SUBSCRIBED);
    }

    /**
     * A folder that was found.
     *
     * @param entry empty for a name without folder
     * @param chosen whether it meets the options itself, and not only one below it
     */
    record Found(Untagged.Folder answer, Optional<VisibleFolder> entry, boolean chosen) {}

    /** What matches one of the patterns, by name. */
    List<Found> matching(List<FolderPattern> patterns) {
        var chosen = new TreeSet<FolderName>();
        (options.choices().contains(Choice.SUBSCRIBED) ? subscribed : folders.keySet())
                .stream().filter(this::isChosen).forEach(chosen::add);
        if (!options.choices().contains(Choice.SUBSCRIBED) && !options.choices().contains(Choice.SPECIAL_USE)) {
            chosen.addAll(levels);
        }
        var names = new TreeSet<FolderName>();
        chosen.stream().filter(name -> matches(patterns, name)).forEach(names::add);
        var above = options.choices().contains(Choice.RECURSIVEMATCH)
                ? above(chosen, names, patterns)
                : Set.<FolderName>of();
        names.addAll(above);
        var found = new ArrayList<Found>();
        for (var name : names) {
            var entry = Optional.ofNullable(folders.get(name));
            found.add(new Found(answer(name, entry, above.contains(name)), entry, chosen.contains(name)));
        }
        return found;
    }

    private boolean isChosen(FolderName name) {
        var entry = folders.get(name);
        return !options.choices().contains(Choice.SPECIAL_USE)
                || (entry != null && entry.use().isPresent());
    }

    private static boolean matches(List<FolderPattern> patterns, FolderName name) {
        return patterns.stream().anyMatch(pattern -> pattern.matches(name));
    }

    /** The matching names above chosen ones that are not told themselves: others need no hint (RFC 5258 §3.5). */
    private static Set<FolderName> above(Set<FolderName> chosen, Set<FolderName> told, List<FolderPattern> patterns) {
        var above = new HashSet<FolderName>();
        for (var name : chosen) {
            if (!told.contains(name)) {
                for (var up = name.parent(); up.isPresent(); up = up.get().parent()) {
                    if (matches(patterns, up.get())) {
                        above.add(up.get());
                    }
                }
            }
        }
        return above;
    }

    private Untagged.Folder answer(FolderName name, Optional<VisibleFolder> entry, boolean chosenBelow) {
        var attributes = new ArrayList<Attribute>();
        if (entry.isPresent()) {
            attributes.add(parents.contains(name) ? Attribute.HAS_CHILDREN : Attribute.HAS_NO_CHILDREN);
        } else {
            attributes.add(Attribute.NON_EXISTENT);
            if (levels.contains(name)) {
                attributes.add(Attribute.NOSELECT); // For clients that know nothing of the other.
                attributes.add(Attribute.HAS_CHILDREN);
            }
        }
        if (needsSubscriptions(options) && subscribed.contains(name)) {
            attributes.add(Attribute.SUBSCRIBED);
        }
        return new Untagged.Folder(
                false,
                name.value(),
                attributes,
                entry.flatMap(VisibleFolder::use),
                chosenBelow ? childInfo() : List.of());
    }

    /** {@code CHILDINFO}: what of the options holds below (RFC 5258 §3.5). */
    private List<String> childInfo() {
        var info = new ArrayList<String>();
        if (options.choices().contains(Choice.SUBSCRIBED)) {
            info.add("SUBSCRIBED");
        }
        if (options.choices().contains(Choice.SPECIAL_USE)) {
            info.add("SPECIAL-USE");
        }
        return info;
    }
}
