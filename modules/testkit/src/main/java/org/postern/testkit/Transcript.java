package org.postern.testkit;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postern.testkit.Script.Step;

/**
 * Plays a written dialogue against a server over real sockets and fails with the whole dialogue where it goes wrong.
 *
 * <pre>
 * C: a1 LOGIN $user $token          what the (only) client sends; CRLF is added
 * S: a1 OK ...                      what it hears; ... is any text, a line of only ... any replies
 * 1> a2 SELECT INBOX                several clients by number, each connected when first named
 * 1< * OK [UIDVALIDITY $validity]   $name or ${name}: keeps a word, and from then on stands for it
 * 2< * $$Junk                       $$ is a dollar sign; so is one before a capital, as in $Junk
 * 1< * 1 FETCH (BODY[] {5}          a reply with a literal goes on in lines with a bar
 * 1| hello)
 * 1= * 2 EXPUNGE                    an untagged reply that must come exactly here
 * 1- a3 NO                          sent without CRLF; also C-
 * 1! STARTTLS                       actions: STARTTLS, CLOSED (the server has hung up), HANGUP; also C!
 * S: /[0-9]+ .*&#47;                    a regular expression
 * # comments and empty lines
 * </pre>
 *
 * <p>Neighbouring untagged replies ({@code * …}) may come in any order, all other lines only in theirs. NUL, LF, CR and
 * other bytes are written {@code ␀ ␊ ␍ \x{ff}}.
 */
public final class Transcript implements AutoCloseable {
    private static final Pattern LITERAL = Pattern.compile(".*\\{(\\d{1,9})}", Pattern.DOTALL);
    private static final int MAX_SHOWN = 600;
    private static final int MAX_SKIPPED = 10_000;

    private final Supplier<TlsClient> connect;
    private final Map<Integer, TlsClient> clients = new TreeMap<>();
    private final List<String> dialogue = new ArrayList<>();
    private Map<String, String> known = new HashMap<>();

    private Transcript(Supplier<TlsClient> connect) {
        this.connect = connect;
    }

    /** @param connect connects one client; called when the script first names it */
    public static Transcript with(Supplier<TlsClient> connect) {
        return new Transcript(connect);
    }

    /** Lets {@code $name} stand for a value, which may have many lines. */
    public Transcript let(String name, String value) {
        known.put(name, Wire.plain(value));
        return this;
    }

    /** What the server said at {@code $name}. */
    public String value(String name) {
        var value = known.get(name);
        if (value == null) {
            throw new IllegalArgumentException("nothing is known as $" + name);
        }
        return new String(Wire.bytes(value), StandardCharsets.UTF_8);
    }

    /** The socket of a client, connected if need be, for what a script cannot say. */
    public TlsClient client(int number) {
        return clients.computeIfAbsent(number, _ -> connect.get());
    }

    /** Plays a script; the connections stay open for the next. */
    public Transcript plays(String script) {
        for (var step : Script.parse(script)) {
            try {
                play(step);
            } catch (UncheckedIOException e) {
                throw failure(step.scriptLine(), String.valueOf(e.getMessage()), e);
            }
        }
        return this;
    }

    @Override
    public void close() {
        clients.values().forEach(TlsClient::close);
    }

    private void play(Step step) {
        var client = client(step.client());
        switch (step) {
            case Step.Send(int number, String text, boolean crlf, int _) -> {
                var wire = Expectation.fill(text, known) + (crlf ? "\r\n" : "");
                note(number, '>', wire);
                client.send(Wire.bytes(wire));
            }
            case Step.Expect expect -> expect(client, expect);
            case Step.Act(int number, Script.Action action, int line) -> {
                dialogue.add(number + "! " + action);
                act(client, action, line);
            }
        }
    }

    private void act(TlsClient client, Script.Action action, int line) {
        switch (action) {
            case STARTTLS -> {
                var _ = client.startTls();
            }
            case HANGUP -> client.close();
            case CLOSED -> {
                var rest = client.readToEnd();
                if (!rest.isEmpty()) {
                    throw failure(line, "expected the end of the connection, but the server said: " + rest, null);
                }
            }
        }
    }

    private void expect(TlsClient client, Step.Expect step) {
        var replies = step.replies();
        for (int i = 0; i < replies.size(); ) {
            var next = replies.get(i);
            if (next.isAnything()) {
                if (i + 1 == replies.size()) {
                    throw new IllegalArgumentException(
                            "line " + next.scriptLine() + ": a reply must follow a line of only ...");
                }
                skipTo(client, step.client(), replies.get(i + 1));
                i += 2;
            } else if (next.isFree()) {
                int end = i;
                while (end < replies.size() && replies.get(end).isFree()) {
                    end++;
                }
                expectInAnyOrder(client, step.client(), replies.subList(i, end));
                i = end;
            } else {
                var actual = read(client, step.client());
                known = next.match(actual, known)
                        .orElseThrow(() -> failure(
                                next.scriptLine(),
                                "expected: " + next.text() + "\nbut got:  " + Wire.shown(actual),
                                null));
                i++;
            }
        }
    }

    private void skipTo(TlsClient client, int number, Expectation wanted) {
        for (int skipped = 0; skipped < MAX_SKIPPED; skipped++) {
            var found = wanted.match(read(client, number), known);
            if (found.isPresent()) {
                known = found.get();
                return;
            }
        }
        throw failure(wanted.scriptLine(), "did not come among " + MAX_SKIPPED + " replies: " + wanted.text(), null);
    }

    private void expectInAnyOrder(TlsClient client, int number, List<Expectation> expected) {
        var actual = new ArrayList<String>();
        while (actual.size() < expected.size()) {
            var reply = read(client, number);
            actual.add(reply);
            boolean fits =
                    expected.stream().anyMatch(one -> one.match(reply, known).isPresent());
            if (!fits) {
                // Say so at once: waiting for the rest would end in a timeout that hides the reason.
                throw failure(
                        expected.getFirst().scriptLine(),
                        "not expected here: " + Wire.shown(reply) + "\nexpected in any order:\n" + listed(expected),
                        null);
            }
        }
        known = Expectation.matchInAnyOrder(expected, actual, known)
                .orElseThrow(() -> failure(
                        expected.getFirst().scriptLine(),
                        "these replies do not match one to one what was expected in any order:\n" + listed(expected),
                        null));
    }

    private static String listed(List<Expectation> expected) {
        var text = new StringBuilder();
        expected.forEach(one -> text.append("  ").append(one.text()).append('\n'));
        return text.toString();
    }

    /** One reply: a line, and in IMAP with the literals that it announces (RFC 9051 §4.3). */
    private String read(TlsClient client, int number) {
        var reply = new StringBuilder(Wire.of(client.readLineBytes()));
        if (reply.indexOf("* ") == 0) {
            for (var literal = LITERAL.matcher(reply); literal.matches(); literal = LITERAL.matcher(reply)) {
                int length = Integer.parseInt(literal.group(1));
                reply.append("\r\n").append(Wire.of(client.readExactly(length)));
                int end = reply.length();
                reply.append(Wire.of(client.readLineBytes()));
                if (!LITERAL.matcher(reply.substring(end)).matches()) {
                    break;
                }
            }
        }
        var text = reply.toString();
        note(number, '<', text);
        return text;
    }

    private void note(int client, char direction, String wire) {
        var shown = Wire.shown(wire.endsWith("\r\n") ? wire.substring(0, wire.length() - 2) : wire);
        if (shown.length() > MAX_SHOWN) {
            shown = shown.substring(0, MAX_SHOWN) + "… (" + wire.length() + " bytes)";
        }
        dialogue.add(client + "" + direction + " " + shown.replace("\n", "\n" + client + "| "));
    }

    private AssertionError failure(int scriptLine, String what, @Nullable Throwable cause) {
        return new AssertionError(
                "line " + scriptLine + " of the script: " + what + "\n\nThe dialogue so far:\n"
                        + String.join("\n", dialogue),
                cause);
    }
}
