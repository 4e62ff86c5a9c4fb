package org.postern.imap.sort;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Set;
import org.postern.mailstore.ContentPart;
import org.postern.mailstore.Contents;
import org.postern.mailstore.FolderSnapshot;
import org.postern.mailstore.MessageConsumer;
import org.postern.model.FolderId;
import org.postern.model.UidSet;

/**
 * The keys of the folders that were sorted last, on this node. A UID names one message for ever, so what is here is never
 * stale; what is missing is read from the envelopes. Any thread.
 */
public final class KeyCache {
    private final Contents contents;
    private final int maxMessages;
    /** The longest unused first. Guarded by itself, as is the count of messages. */
    private final LinkedHashMap<FolderId, FolderKeys> folders = new LinkedHashMap<>(16, 0.75f, true);

    private long messages;

    /** @param maxMessages of all folders that are kept; a larger folder is read anew each time */
    public KeyCache(Contents contents, int maxMessages) {
        this.contents = contents;
        this.maxMessages = maxMessages;
    }

    /**
     * Keys of these messages at least, as far as they are not expunged.
     *
     * @param uids ascending, of {@code told}
     * @param each asked before each message that is read; may throw
     */
    FolderKeys of(FolderSnapshot told, long[] uids, MessageConsumer each) throws IOException {
        var known = known(told.folder());
        var missing = known.missing(uids);
        if (missing.isEmpty()) {
            return known;
        }
        var more = new ArrayList<MessageKeys>();
        var found = new UidSet.Builder();
        contents.messages(told.folder(), missing, Set.of(ContentPart.ENVELOPE), message -> {
            each.accept(message);
            found.add(message.uid().value());
            more.add(MessageKeys.of(message.envelope()));
        });
        var keys = known.with(told.uids(), found.build().stream().toArray(), more);
        keep(told.folder(), keys);
        return keys;
    }

    private FolderKeys known(FolderId folder) {
        synchronized (folders) {
            var known = folders.get(folder);
            return known == null ? FolderKeys.NONE : known;
        }
    }

    private void keep(FolderId folder, FolderKeys keys) {
        synchronized (folders) {
            var before = folders.put(folder, keys);
            messages += keys.size() - (before == null ? 0 : before.size());
            var eldest = folders.entrySet().iterator();
            while (messages > maxMessages) {
                messages -= eldest.next().getValue().size();
                eldest.remove();
            }
        }
    }
}
