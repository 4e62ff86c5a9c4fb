package org.postern.imap.command;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Events of some folders (RFC 5465 §8 {@code event-group}).
 *
 * @param events none for {@code NONE}
 * @param fetched of new messages of the selected folder, these come along, in their order
 */
public record EventGroup(FolderFilter folders, Set<Event> events, Set<FetchItem> fetched) {
    public EventGroup {
        events = Set.copyOf(events);
        fetched = Collections.unmodifiableSet(new LinkedHashSet<>(fetched));
    }
}
