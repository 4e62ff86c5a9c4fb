package org.postern.imap.notify;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.postern.imap.command.Event;
import org.postern.imap.command.EventGroup;
import org.postern.mailstore.sharing.VisibleFolder;
import org.postern.model.FolderName;
import org.postern.model.Right;

/** Which events of which folders a client wants to hear of; several groups may name one folder (RFC 5465 §6). */
record Interest(List<EventGroup> groups) {
    Interest {
        groups = List.copyOf(groups);
    }

    private Set<Event> events(FolderName name, boolean subscribed) {
        var events = EnumSet.noneOf(Event.class);
        for (var group : groups) {
            if (group.folders().covers(name, subscribed)) {
                events.addAll(group.events());
            }
        }
        return events;
    }

    boolean in(Event event, FolderName name, boolean subscribed) {
        return events(name, subscribed).contains(event);
    }

    /** Whether it is any event of the folder's messages, and they may be read (RFC 4314 §4). */
    boolean inMessages(VisibleFolder folder) {
        return folder.may(Right.READ) && in(Event.MESSAGE_NEW, folder.name(), folder.subscribed());
    }

    boolean inFlags(VisibleFolder folder) {
        return in(Event.FLAG_CHANGE, folder.name(), folder.subscribed());
    }

    boolean inAny(Set<Event> some) {
        return groups.stream().anyMatch(group -> group.events().stream().anyMatch(some::contains));
    }
}
