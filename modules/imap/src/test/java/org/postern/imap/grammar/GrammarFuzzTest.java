package org.postern.imap.grammar;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.postern.imap.Features;
import org.postern.imap.ImapLimits;
import org.postern.imap.command.AppendMessage;
import org.postern.imap.command.AppendMessage.Part;
import org.postern.imap.command.AppendMessage.Source;
import org.postern.imap.command.Command;
import org.postern.imap.command.NumberSet.Kind;
import org.postern.model.ModifiedUtf7;
import org.postern.net.LineTooLong;

/**
 * Any bytes from any client. An ordinary run replays the inputs under {@code src/test/resources}; {@code scripts/fuzz} looks for
 * new ones.
 */
class GrammarFuzzTest {
    /** Tight enough that a fuzzer meets the bounds. */
    private static final ImapLimits TIGHT = new ImapLimits(
            512,
            64,
            1024,
            4,
            8,
            8,
            4,
            8,
            256,
            ImapLimits.STANDARD.badCommands(),
            ImapLimits.STANDARD.unauthenticated(),
            ImapLimits.STANDARD.idle(),
            64,
            4,
            3,
            1,
            1,
            1 << 16,
            1,
            1,
            32);

    @FunctionalInterface
    private interface Production {
        Command read(Grammar grammar) throws Unparsable, IOException;
    }

    private static final Map<String, Production> PRODUCTIONS = Map.ofEntries(
            Map.entry("NOOP", g -> g.bare(new Command.Noop())),
            Map.entry("ID", Grammar::id),
            Map.entry("AUTHENTICATE", Grammar::authenticate),
            Map.entry("LOGIN", Grammar::login),
            Map.entry("ENABLE", Grammar::enable),
            Map.entry("SELECT", g -> g.select(false)),
            Map.entry("CREATE", Grammar::create),
            Map.entry("DELETE", Grammar::delete),
            Map.entry("RENAME", Grammar::rename),
            Map.entry("LIST", Grammar::list),
            Map.entry("LSUB", Grammar::lsub),
            Map.entry("STATUS", Grammar::status),
            Map.entry("GETMETADATA", Grammar::getMetadata),
            Map.entry("SETMETADATA", Grammar::setMetadata),
            Map.entry("NOTIFY", Grammar::watch),
            Map.entry("ESEARCH", Grammar::multiSearch),
            Map.entry("CANCELUPDATE", Grammar::cancelUpdate),
            Map.entry("APPEND", Grammar::append),
            Map.entry("EXPUNGE", Grammar::uidExpunge),
            Map.entry("SEARCH", g -> g.search(Kind.SEQUENCE)),
            Map.entry("SORT", g -> g.sort(Kind.UID)),
            Map.entry("THREAD", g -> g.thread(Kind.SEQUENCE)),
            Map.entry("FETCH", g -> g.fetch(Kind.SEQUENCE)),
            Map.entry("STORE", g -> g.store(Kind.UID)),
            Map.entry("COPY", g -> g.copy(Kind.SEQUENCE)),
            Map.entry("MOVE", g -> g.move(Kind.UID)));

    @FuzzTest(maxDuration = "10m")
    void commands(byte[] bytes) throws IOException {
        read(bytes, ImapLimits.STANDARD);
        read(bytes, TIGHT);
    }

    /** As a session does: every command is read or refused, and the next one is found behind it. */
    private static void read(byte[] bytes, ImapLimits limits) throws IOException {
        var lexer = new Lexer(new WrittenSource(bytes), limits);
        var grammar = new Grammar(lexer, limits, new Features());
        try {
            do {
                lexer.begin();
                one(lexer, grammar);
            } while (lexer.skipRest());
        } catch (EOFException | LineTooLong e) {
            return; // The client is gone, or is sent away.
        }
    }

    private static void one(Lexer lexer, Grammar grammar) throws IOException {
        try {
            lexer.tag();
            lexer.space();
            var production = PRODUCTIONS.get(lexer.atom("command").toUpperCase(Locale.ROOT));
            if (production != null && production.read(grammar) instanceof Command.Append append) {
                append(append.first(), lexer, grammar.appended());
            }
        } catch (Unparsable e) {
            if (e.text().isBlank()) {
                throw new AssertionError("refused without a word", e);
            }
        }
    }

    private static void append(AppendMessage message, Lexer lexer, AppendGrammar grammar)
            throws IOException, Unparsable {
        switch (message.source()) {
            case Source.Literal literal -> lexer.readLiteral(literal.announced(), OutputStream.nullOutputStream());
            case Source.Catenated() -> {
                do {
                    if (grammar.part() instanceof Part.Text(var literal)) {
                        lexer.readLiteral(literal.announced(), OutputStream.nullOutputStream());
                        grammar.close(literal.form());
                    }
                } while (grammar.hasPart());
            }
        }
        lexer.end();
    }

    @FuzzTest(maxDuration = "10m")
    void urls(byte[] bytes) {
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        new UrlGrammar(TIGHT).parse(text).ifPresent(url -> {
            if (text.indexOf('\n') >= 0) {
                throw new AssertionError("more than one line: " + url);
            }
        });
    }

    @FuzzTest(maxDuration = "10m")
    void modifiedUtf7(byte[] bytes) {
        var text = new String(bytes, StandardCharsets.UTF_8);
        var encoded = ModifiedUtf7.encode(text);
        if (!ModifiedUtf7.decode(encoded).map(text::equals).orElse(false)
                || !encoded.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
            throw new AssertionError("does not come back: " + encoded);
        }
        ModifiedUtf7.decode(new String(bytes, StandardCharsets.ISO_8859_1))
                .map(ModifiedUtf7::encode)
                .ifPresent(again -> {
                    if (!again.equals(new String(bytes, StandardCharsets.ISO_8859_1))) {
                        throw new AssertionError("two forms of one name: " + again);
                    }
                });
    }
}
