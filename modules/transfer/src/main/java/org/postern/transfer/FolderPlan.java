package org.postern.transfer;

import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.mailstore.FolderEntry;
import org.postern.mailstore.SpecialUseNames;
import org.postern.model.FolderName;
import org.postern.model.SpecialUse;

/**
 * Which folder of the mailbox takes which of the source: its Sent goes to ours, whatever either is called (RFC 6154 §2), all
 * others to the folder of their name.
 */
final class FolderPlan {
    private final Map<SpecialUse, FolderName> ours = new EnumMap<>(SpecialUse.class);
    /** Which of the source's folders has a use; of two that claim it by their names, neither. */
    private final Map<SpecialUse, FolderName> theirs = new EnumMap<>(SpecialUse.class);

    /** @param target and the special use that it is to be created with */
    record Place(FolderName target, Optional<SpecialUse> use) {}

    FolderPlan(Collection<FolderFacts> source, List<FolderEntry> mailbox) {
        mailbox.forEach(entry -> entry.use().ifPresent(use -> ours.put(use, entry.name())));
        source.forEach(facts -> facts.use().ifPresent(use -> theirs.putIfAbsent(use, facts.name())));
        for (var use : SpecialUse.values()) {
            if (!theirs.containsKey(use)) {
                byName(use, source).ifPresent(name -> theirs.put(use, name));
            }
        }
    }

    private Optional<FolderName> byName(SpecialUse use, Collection<FolderFacts> source) {
        var named = source.stream()
                .map(FolderFacts::name)
                .filter(name -> SpecialUseNames.of(name).filter(use::equals).isPresent())
                .toList();
        return named.stream()
                .filter(name -> name.equals(ours.get(use)))
                .findFirst()
                .or(() -> named.size() == 1 ? Optional.of(named.getFirst()) : Optional.empty());
    }

    Place of(FolderFacts source) {
        if (source.name().isInbox()) {
            return new Place(FolderName.INBOX, Optional.empty());
        }
        for (var entry : theirs.entrySet()) {
            if (entry.getValue().equals(source.name())) {
                var place = ours.get(entry.getKey());
                return place == null
                        ? new Place(source.name(), Optional.of(entry.getKey()))
                        : new Place(place, Optional.empty());
            }
        }
        return new Place(source.name(), Optional.empty());
    }
}
