package org.postern.line;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.api.handler.CommandDispatcher;
import org.apache.james.protocols.api.handler.CommandHandler;
import org.jspecify.annotations.Nullable;

/**
 * James' dispatcher with our manners: lines are UTF-8 and checked, never trimmed; the gate is asked before every command; an
 * unknown verb is neither repeated nor logged, for it may be a secret sent too early; what a handler throws comes out.
 */
final class CommandTable<S extends LineSession> extends CommandDispatcher<S> {
    private final Set<String> verbs = new HashSet<>();

    @Override
    protected void addToMap(String verb, CommandHandler<S> handler) {
        verbs.add(verb);
        super.addToMap(verb, handler);
    }

    /** {@code null}, as James has it, when a handler has answered by itself. */
    @Override
    public @Nullable Response onLine(S session, byte[] line) {
        var bad = problemOf(line, session.takesBareLineFeed());
        if (bad.isPresent()) {
            return session.newBadLineResponse(bad.get());
        }
        var text = withoutTrailingBlanks(LineTransport.withoutLineEnd(line));
        if (text.isEmpty()) {
            return session.newBadLineResponse(BadLine.NOT_UTF8);
        }
        return dispatch(session, text.get());
    }

    private @Nullable Response dispatch(S session, String text) {
        int space = text.indexOf(' ');
        var verb = asciiUpperCase(space < 0 ? text : text.substring(0, space));
        if (!verbs.contains(verb)) {
            return session.newCommandNotFoundErrorResponse();
        }
        var refusal = session.gate(verb);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        long begun = System.nanoTime();
        var response =
                dispatchCommandHandlers(session, new Command(verb, space < 0 ? null : text.substring(space + 1)));
        if (response != null) {
            session.answered(verb, response, System.nanoTime() - begun);
        }
        return response;
    }

    /** Only a to z: under Unicode's rules a dotless i would make an I of ASCII. */
    private static String asciiUpperCase(String verb) {
        var upper = verb.toCharArray();
        for (int i = 0; i < upper.length; i++) {
            if (upper[i] >= 'a' && upper[i] <= 'z') {
                upper[i] = (char) (upper[i] - 'a' + 'A');
            }
        }
        return new String(upper);
    }

    private static Optional<BadLine> problemOf(byte[] line, boolean bareLineFeed) {
        int end = LineTransport.withoutLineEnd(line).length;
        if (line.length - end < 2 && !bareLineFeed) {
            return Optional.of(BadLine.BARE_LINE_END);
        }
        for (int i = 0; i < end; i++) {
            if (line[i] == '\r') {
                return Optional.of(BadLine.BARE_LINE_END);
            }
            if ((line[i] >= 0 && line[i] < ' ') || line[i] == 0x7F) {
                return Optional.of(BadLine.CONTROL_CHARACTER);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> withoutTrailingBlanks(byte[] line) {
        int end = line.length;
        while (end > 0 && line[end - 1] == ' ') {
            end--;
        }
        try {
            return Optional.of(
                    UTF_8.newDecoder().decode(ByteBuffer.wrap(line, 0, end)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty(); // Says only that the line is not UTF-8, which is our answer too.
        }
    }
}
