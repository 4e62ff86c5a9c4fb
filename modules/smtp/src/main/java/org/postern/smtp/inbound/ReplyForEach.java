package org.postern.smtp.inbound;

import java.util.ArrayList;
import java.util.List;
import org.apache.james.protocols.api.Response;

/** Several replies to one command: LMTP's, one for each recipient (RFC 2033 §4.2). */
final class ReplyForEach implements Response {
    private final List<Response> replies;

    /** @param replies at least one */
    ReplyForEach(List<Response> replies) {
        this.replies = List.copyOf(replies);
    }

    /** The first one's, for whoever counts. */
    @Override
    public String getRetCode() {
        return replies.getFirst().getRetCode();
    }

    @Override
    public List<CharSequence> getLines() {
        var lines = new ArrayList<CharSequence>();
        replies.forEach(reply -> lines.addAll(reply.getLines()));
        return lines;
    }

    @Override
    public boolean isEndSession() {
        return replies.stream().anyMatch(Response::isEndSession);
    }
}
