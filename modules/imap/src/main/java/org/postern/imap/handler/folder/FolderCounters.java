package org.postern.imap.handler.folder;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.postern.imap.command.StatusItem;
import org.postern.imap.reply.ObjectIds;
import org.postern.mailstore.FolderStatus;
import org.postern.mailstore.FolderTree;
import org.postern.model.Uid;

/** A folder's counters as STATUS items, for STATUS and for LIST (RFC 3501 §6.3.10, RFC 5819). */
final class FolderCounters {
    private FolderCounters() {}

    static Map<StatusItem, String> of(
            Set<StatusItem> items, FolderStatus status, FolderTree folders, long appendLimit) {
        var values = new EnumMap<StatusItem, String>(StatusItem.class);
        items.forEach(item -> values.put(
                item,
                item == StatusItem.MAILBOXID
                        ? '(' + ObjectIds.of(status.id()) + ')'
                        : Long.toString(value(item, status, folders, appendLimit))));
        return values;
    }

    private static long value(StatusItem item, FolderStatus status, FolderTree folders, long appendLimit) {
        return switch (item) {
            case MESSAGES -> status.messages();
            case RECENT -> status.recent();
            case UIDNEXT -> Math.min(status.uidNext(), Uid.MAX); // Past the last UID there is no next one to write.
            case UIDVALIDITY -> status.uidValidity().value();
            case UNSEEN -> status.unseen();
            case DELETED -> status.deleted();
            // The folder's counter spares most of them a look at the messages.
            case DELETED_STORAGE -> status.deleted() == 0 ? 0 : folders.deletedBytes(status.id());
            case SIZE -> status.size();
            case HIGHESTMODSEQ -> status.highestModseq().value();
            case MAILBOXID -> status.id().id();
            case APPENDLIMIT -> appendLimit;
        };
    }
}
