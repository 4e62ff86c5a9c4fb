package org.postern.pop3;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.postern.mailstore.Contents;
import org.postern.mailstore.SmallMessage;
import org.postern.model.ContentId;

/**
 * The next messages of a session that takes one after the other, fetched together: a round trip for each would be most of the
 * work. The first is fetched alone, then four times as many each time, within the bounds.
 */
final class ReadAhead {
    static final int MOST_MESSAGES = 64;

    /** Of all that is held; a larger message is streamed. */
    static final int MOST_BYTES = 128 * 1024;

    private static final int GROWTH = 4;

    private final Contents contents;
    private final Maildrop maildrop;
    private final Map<ContentId, SmallMessage> held = new HashMap<>();
    private int next = 1;
    private int window = 1;

    ReadAhead(Contents contents, Maildrop maildrop) {
        this.contents = contents;
        this.maildrop = maildrop;
    }

    /** The message, held no longer; empty when it is too large, or gone. */
    Optional<SmallMessage> take(int number) {
        boolean inOrder = number == next;
        next = number + 1;
        if (maildrop.size(number) > MOST_BYTES) {
            return Optional.empty();
        }
        var content = maildrop.content(number);
        if (!held.containsKey(content)) {
            window = inOrder ? Math.min(window * GROWTH, MOST_MESSAGES) : 1;
            fetch(number);
        }
        return Optional.ofNullable(held.remove(content));
    }

    /** What was held and not taken makes room. */
    private void fetch(int from) {
        held.clear();
        var wanted = new ArrayList<ContentId>();
        long bytes = 0;
        for (int number = from; number <= maildrop.last() && wanted.size() < window; number++) {
            bytes += maildrop.size(number);
            if (bytes > MOST_BYTES) {
                break;
            }
            wanted.add(maildrop.content(number));
        }
        contents.whole(maildrop.folder().mailbox(), wanted).forEach(message -> held.put(message.content(), message));
    }
}
