package org.postern.mime;

import java.util.ArrayList;
import java.util.List;

/** The {@code msg-id}s of References and In-Reply-To (RFC 5322 §3.6.4), angle brackets off. */
final class MessageIds {
    private MessageIds() {}

    /** At most {@code most}: the first, which names the thread, and the newest ones. */
    static List<String> of(String text, int most, Kept kept) {
        var ids = new ArrayList<String>();
        int at = text.indexOf('<');
        while (at >= 0) {
            int close = text.indexOf('>', at);
            if (close < 0) {
                break;
            }
            int open = text.lastIndexOf('<', close); // A broken "<a <b@c>" still holds one id.
            var id = text.substring(open + 1, close).replace(" ", "").replace("\t", "");
            if (!id.isEmpty()) {
                ids.add(id);
            }
            at = text.indexOf('<', close);
        }
        if (ids.size() > most) {
            ids.subList(1, ids.size() - most + 1).clear();
        }
        var result = new ArrayList<String>(ids.size());
        for (var id : ids) {
            if (!kept.take(id.length())) {
                break;
            }
            result.add(id);
        }
        return result;
    }
}
