package org.postern.pop3;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.james.protocols.api.Response;
import org.postern.line.WrittenResponse;

/** LIST (RFC 1939 §5) and UIDL (§7): one value of one message, or of each, written while it is made. */
final class Listing implements Pop3Command {
    private final String verb;
    private final BiFunction<Maildrop, Integer, String> value;

    private Listing(String verb, BiFunction<Maildrop, Integer, String> value) {
        this.verb = verb;
        this.value = value;
    }

    static Listing sizes() {
        return new Listing("LIST", (maildrop, number) -> Long.toString(maildrop.size(number)));
    }

    static Listing uniqueIds() {
        return new Listing("UIDL", Maildrop::uniqueId);
    }

    @Override
    public String verb() {
        return verb;
    }

    @Override
    public Pop3State state() {
        return Pop3State.TRANSACTION;
    }

    @Override
    public Response answer(Pop3Session session, Optional<String> argument) {
        var maildrop = session.maildrop();
        if (argument.isPresent()) {
            return MessageNumber.of(maildrop, argument)
                    .map(number -> Pop3Reply.ok(line(maildrop, number)))
                    .orElseGet(() -> Pop3Reply.err(MessageNumber.NO_SUCH_MESSAGE));
        }
        var head = Pop3Reply.ok(maildrop.count() + " messages (" + maildrop.size() + " octets)");
        return new WrittenResponse(head, out -> writeAll(maildrop, out));
    }

    private void writeAll(Maildrop maildrop, OutputStream out) throws IOException {
        for (int number = 1; number <= maildrop.last(); number++) {
            if (maildrop.has(number)) {
                out.write((line(maildrop, number) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            }
        }
        out.write(".\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    private String line(Maildrop maildrop, int number) {
        return number + " " + value.apply(maildrop, number);
    }
}
