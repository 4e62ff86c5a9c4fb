package org.postern.pop3;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.apache.james.protocols.api.Response;
import org.postern.line.WrittenResponse;
import org.postern.mailstore.Contents;

/** TOP: the header and the first lines of the body; hardly more of it is read than is sent (RFC 1939 §7). */
final class Top implements Pop3Command {
    private static final int SLICE = 64 << 10;

    private final Contents contents;

    Top(Contents contents) {
        this.contents = contents;
    }

    @Override
    public String verb() {
        return "TOP";
    }

    @Override
    public Pop3State state() {
        return Pop3State.TRANSACTION;
    }

    @Override
    public Response answer(Pop3Session session, Optional<String> argument) {
        var words = argument.orElse("").split(" +", 2);
        var lines = words.length == 2 ? MessageNumber.parse(words[1]) : Optional.<Integer>empty();
        if (lines.isEmpty()) {
            return Pop3Reply.err("TOP takes a message number and a count of lines");
        }
        var maildrop = session.maildrop();
        return MessageNumber.of(maildrop, Optional.of(words[0]))
                .<Response>map(number -> new WrittenResponse(
                        Pop3Reply.ok("Top of message follows"), out -> write(maildrop, number, lines.get(), out)))
                .orElseGet(() -> Pop3Reply.err(MessageNumber.NO_SUCH_MESSAGE));
    }

    private void write(Maildrop maildrop, int number, int lines, OutputStream out) throws IOException {
        var stuffed = new DotStuffed(out);
        var first = new FirstLines(stuffed, lines);
        var mailbox = maildrop.folder().mailbox();
        for (long at = 0; at < maildrop.size(number) && !first.isDone(); at += SLICE) {
            if (!contents.stream(mailbox, maildrop.content(number), at, SLICE, first)) {
                throw new MessageSwept();
            }
        }
        stuffed.end();
    }
}
