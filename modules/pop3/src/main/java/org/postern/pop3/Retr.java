package org.postern.pop3;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.apache.james.protocols.api.Response;
import org.postern.line.WrittenResponse;
import org.postern.mailstore.Contents;

/** RETR: a whole message (RFC 1939 §5); a large one is streamed. */
final class Retr implements Pop3Command {
    private final Contents contents;

    Retr(Contents contents) {
        this.contents = contents;
    }

    @Override
    public String verb() {
        return "RETR";
    }

    @Override
    public Pop3State state() {
        return Pop3State.TRANSACTION;
    }

    @Override
    public Response answer(Pop3Session session, Optional<String> argument) {
        var maildrop = session.maildrop();
        return MessageNumber.of(maildrop, argument)
                .<Response>map(number -> new WrittenResponse(
                        Pop3Reply.ok(maildrop.size(number) + " octets"), out -> write(session, number, out)))
                .orElseGet(() -> Pop3Reply.err(MessageNumber.NO_SUCH_MESSAGE));
    }

    private void write(Pop3Session session, int number, OutputStream out) throws IOException {
        var stuffed = new DotStuffed(out);
        var ahead = session.ahead(contents).take(number);
        if (ahead.isPresent()) {
            ahead.get().writeTo(stuffed);
        } else {
            stream(session.maildrop(), number, stuffed);
        }
        stuffed.end();
    }

    private void stream(Maildrop maildrop, int number, OutputStream out) throws IOException {
        boolean there =
                contents.stream(maildrop.folder().mailbox(), maildrop.content(number), 0, maildrop.size(number), out);
        if (!there) {
            throw new MessageSwept();
        }
    }
}
