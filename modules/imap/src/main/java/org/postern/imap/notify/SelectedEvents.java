package org.postern.imap.notify;

import java.util.List;
import java.util.Set;
import org.postern.imap.command.Event;
import org.postern.imap.command.EventGroup;
import org.postern.imap.command.FetchItem;
import org.postern.imap.command.FolderFilter;

/**
 * What the client hears of the selected folder, and when (RFC 5465 §3.1, §6.1).
 *
 * @param atOnce whether it hears of it while no command runs
 * @param delaysExpunges whether expunges wait for a command that allows them even so
 * @param fetched what of new messages comes along
 */
public record SelectedEvents(
        boolean messages, boolean flags, boolean atOnce, boolean delaysExpunges, Set<FetchItem> fetched) {
    /** Before any NOTIFY: everything, with the client's own commands. */
    public static final SelectedEvents DEFAULT = new SelectedEvents(true, true, false, true, Set.of());

    private static final SelectedEvents NONE = new SelectedEvents(false, false, false, true, Set.of());

    static SelectedEvents of(List<EventGroup> groups) {
        for (var group : groups) {
            if (group.folders() instanceof FolderFilter.Selected(var delayed)) {
                return new SelectedEvents(
                        group.events().contains(Event.MESSAGE_NEW),
                        group.events().contains(Event.FLAG_CHANGE),
                        true,
                        delayed,
                        group.fetched());
            }
        }
        return NONE;
    }
}
