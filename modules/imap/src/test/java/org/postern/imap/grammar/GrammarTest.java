package org.postern.imap.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.imap.Features;
import org.postern.imap.ImapLimits;
import org.postern.imap.command.AppendMessage;
import org.postern.imap.command.Command;
import org.postern.imap.command.FetchItem;
import org.postern.imap.command.FetchItem.BodySection;
import org.postern.imap.command.FetchItem.Partial;
import org.postern.imap.command.FetchItem.Plain;
import org.postern.imap.command.FetchItem.Section;
import org.postern.imap.command.FetchItem.SectionText;
import org.postern.imap.command.ListOptions;
import org.postern.imap.command.MessageUrl;
import org.postern.imap.command.NumberSet;
import org.postern.imap.command.NumberSet.Kind;
import org.postern.imap.command.NumberSet.Range;
import org.postern.imap.command.SearchKey;
import org.postern.imap.command.SearchKey.When;
import org.postern.imap.command.StatusItem;
import org.postern.imap.reply.Code;
import org.postern.model.FlagChange;
import org.postern.model.Flags;
import org.postern.model.FolderName;
import org.postern.model.Keyword;
import org.postern.model.ModifiedUtf7;
import org.postern.model.SpecialUse;
import org.postern.model.SystemFlag;
import org.postern.model.Uid;
import org.postern.model.UidValidity;
import org.postern.net.LineTooLong;

class GrammarTest {
    private static final ImapLimits LIMITS = ImapLimits.STANDARD;

    /** A production, applied to the text behind a command's name. */
    @FunctionalInterface
    private interface Production<C> {
        C read(Grammar grammar) throws Unparsable, IOException;
    }

    private static <C> C parse(String text, Production<C> production) {
        try {
            var lexer = new Lexer(WrittenSource.of(text + "\r\n"), LIMITS);
            lexer.begin();
            return production.read(new Grammar(lexer, LIMITS, new Features()));
        } catch (Unparsable | IOException e) {
            throw new AssertionError(text, e);
        }
    }

    private static Unparsable refuse(String text, Production<?> production) {
        return refuse(text, LIMITS, production);
    }

    private static Unparsable refuse(String text, ImapLimits limits, Production<?> production) {
        try {
            var lexer = new Lexer(WrittenSource.of(text + "\r\n"), limits);
            lexer.begin();
            var parsed = production.read(new Grammar(lexer, limits, new Features()));
            throw new AssertionError("taken: " + parsed);
        } catch (Unparsable e) {
            return e;
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }

    private static NumberSet set(Kind kind, Range... ranges) {
        return new NumberSet(List.of(ranges), kind);
    }

    @Test
    @DisplayName("RFC 3501 §6.2.3: LOGIN takes atoms, quoted strings and literals")
    void login() {
        var expected = new Command.Login("joe@example.com", "a b\"c\\");
        assertThat(parse(" joe@example.com \"a b\\\"c\\\\\"", Grammar::login)).isEqualTo(expected);
        assertThat(parse(" {15+}\r\njoe@example.com {6}\r\na b\"c\\", Grammar::login))
                .isEqualTo(expected);
        assertThat(expected.toString()).doesNotContain("joe");
        assertThat(refuse(" joe", Grammar::login).syntaxIsRight()).isFalse();
        assertThat(refuse(" joe  x", Grammar::login).text()).isEqualTo("Missing or invalid password");
        assertThat(refuse(" joe x y", Grammar::login).text()).isEqualTo("Too many arguments");
        assertThat(refuse(" joe \"x", Grammar::login).text()).isEqualTo("Missing closing quote");
        assertThat(refuse(" joe \"\\x\"", Grammar::login).syntaxIsRight()).isFalse();
    }

    @Test
    @DisplayName("RFC 3501 §9: CHAR8 has no NUL, and text is UTF-8")
    void characters() {
        assertThat(refuse(" {3+}\r\na\0b x", Grammar::login).text()).contains("NUL");
        var lexer = new Lexer(new WrittenSource(new byte[] {' ', '"', (byte) 0xC3, '"', '\r', '\n'}), LIMITS);
        assertThatThrownBy(() -> {
                    lexer.begin();
                    new Grammar(lexer, LIMITS, new Features()).login();
                })
                .isInstanceOf(Unparsable.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    @DisplayName("RFC 3501 §4.3: a literal is invited only when it is wanted and within bounds")
    void invitations() throws Exception {
        var wanted = WrittenSource.of(" {3}\r\njoe {1}\r\nx\r\n");
        var lexer = new Lexer(wanted, LIMITS);
        lexer.begin();
        new Grammar(lexer, LIMITS, new Features()).login();
        assertThat(wanted.invitations()).isEqualTo(2);

        var huge = WrittenSource.of(" {1073741824}\r\na2 NOOP\r\n");
        var second = new Lexer(huge, LIMITS);
        second.begin();
        assertThatThrownBy(() -> new Grammar(second, LIMITS, new Features()).login())
                .asInstanceOf(type(Unparsable.class))
                .satisfies(e -> assertThat(e.code()).contains(Code.Plain.TOOBIG));
        assertThat(huge.invitations()).isZero();
        assertThat(second.skipRest()).isTrue();
        second.begin();
        assertThat(second.tag()).isEqualTo("a2");
    }

    @Test
    @DisplayName(
            "RFC 7888 §4: unwanted non-synchronising literals are drained within the bound, and the next command is read")
    void drains() throws Exception {
        var lexer = new Lexer(WrittenSource.of("a1 NONSENSE {5+}\r\nhello {3+}\r\nyou\r\na2 NOOP\r\n"), LIMITS);
        lexer.begin();
        assertThat(lexer.skipRest()).isTrue();
        lexer.begin();
        assertThat(lexer.tag()).isEqualTo("a2");

        var over = new Lexer(WrittenSource.of("a1 NONSENSE {" + (LIMITS.drainBytes() + 1) + "+}\r\n"), LIMITS);
        over.begin();
        assertThat(over.skipRest()).isFalse();
        var absurd = new Lexer(WrittenSource.of("a1 X {99999999999999999999999+}\r\n"), LIMITS);
        absurd.begin();
        assertThat(absurd.skipRest()).isFalse();
    }

    @Test
    @DisplayName("bound: line, command, literal")
    void lengths() throws Exception {
        var atBound = "a".repeat(LIMITS.lineBytes());
        new Lexer(WrittenSource.of(atBound + "\r\n"), LIMITS).begin();
        assertThatThrownBy(() -> new Lexer(WrittenSource.of(atBound + "a\r\n"), LIMITS).begin())
                .isInstanceOf(LineTooLong.class);

        var literal = "x".repeat(LIMITS.literalBytes());
        assertThat(parse(" {" + literal.length() + "+}\r\n" + literal + " x", Grammar::login)
                        .user())
                .hasSize(LIMITS.literalBytes());
        assertThat(refuse(" {" + (literal.length() + 1) + "+}\r\n" + literal + "y x", Grammar::login)
                        .code())
                .contains(Code.Plain.TOOBIG);

        var keys = new StringBuilder(" TEXT {60000+}\r\n" + "t".repeat(60_000));
        for (int i = 0; i < 4; i++) {
            keys.append(" TEXT {60000+}\r\n").append("t".repeat(60_000));
        }
        assertThat(refuse(keys.toString(), g -> g.search(Kind.UID)).code()).contains(Code.Plain.TOOBIG);
    }

    @Test
    @DisplayName("RFC 3501 §9: number sets, * at either end, numbers from 1 to 2^32-1")
    void numberSets() {
        Command.Copy copy = parse(" 1,3:5,9:*,*:7,4294967295 Trash", g -> g.copy(Kind.UID));
        assertThat(copy)
                .isEqualTo(new Command.Copy(
                        set(
                                Kind.UID,
                                new Range(1, 1),
                                new Range(3, 5),
                                new Range(9, NumberSet.STAR),
                                new Range(NumberSet.STAR, 7),
                                new Range(4294967295L, 4294967295L)),
                        new FolderName("Trash")));
        for (var bad : List.of(
                "0", "1:0", "4294967296", "1:", ":1", "1,,2", "-1", "1 2", "a", "1:*:2", "99999999999999999999")) {
            assertThat(refuse(' ' + bad + " Trash", g -> g.copy(Kind.UID)).syntaxIsRight())
                    .as(bad)
                    .isFalse();
        }
        assertThat(new Range(NumberSet.STAR, 7).first(5)).isEqualTo(5);
        assertThat(new Range(NumberSet.STAR, 7).last(5)).isEqualTo(7);
    }

    @Test
    @DisplayName("bound: ranges of one set")
    void setSize() {
        var most = "1" + ",3".repeat(LIMITS.setRanges() - 1);
        assertThat(parse(' ' + most + " X", g -> g.copy(Kind.UID)).messages().ranges())
                .hasSize(LIMITS.setRanges());
        assertThat(refuse(' ' + most + ",5 X", g -> g.copy(Kind.UID)).code()).contains(Code.Plain.LIMIT);
    }

    @Test
    @DisplayName("RFC 3501 §6.4.5: FETCH items and macros")
    void fetchItems() {
        assertThat(parse(" 1 ALL", g -> g.fetch(Kind.SEQUENCE)).items())
                .containsExactly(Plain.FLAGS, Plain.INTERNALDATE, Plain.RFC822_SIZE, Plain.ENVELOPE);
        assertThat(parse(" 1 full", g -> g.fetch(Kind.SEQUENCE)).items()).endsWith(Plain.ENVELOPE, Plain.BODY);
        assertThat(parse(" 1 FAST", g -> g.fetch(Kind.SEQUENCE)).items()).hasSize(3);
        assertThat(parse(
                                " 1:* (UID body BODYSTRUCTURE RFC822.header RFC822.TEXT RFC822 FLAGS)",
                                g -> g.fetch(Kind.SEQUENCE))
                        .items())
                .containsExactly(
                        Plain.UID,
                        Plain.BODY,
                        Plain.BODYSTRUCTURE,
                        Plain.RFC822_HEADER,
                        Plain.RFC822_TEXT,
                        Plain.RFC822,
                        Plain.FLAGS);
        for (var bad : List.of("", "()", "(ALL)", "NONSENSE", "(FLAGS", "(FLAGS  UID)", "FLAGS UID", "BODY.PEEK")) {
            assertThat(refuse(" 1 " + bad, g -> g.fetch(Kind.SEQUENCE)).syntaxIsRight())
                    .as(bad)
                    .isFalse();
        }
    }

    @Test
    @DisplayName("RFC 3501 §6.4.5: sections, part numbers, partials")
    void sections() {
        assertThat(section("BODY[]")).isEqualTo(new BodySection(false, Section.WHOLE, Optional.empty()));
        assertThat(section("body.peek[]<0.2048>"))
                .isEqualTo(new BodySection(true, Section.WHOLE, Optional.of(new Partial(0, 2048))));
        assertThat(section("BODY[HEADER]").section()).isEqualTo(Section.HEADER);
        assertThat(section("BODY[TEXT]").section()).isEqualTo(Section.TEXT);
        assertThat(section("BODY[1.2.3]").section()).isEqualTo(new Section(List.of(1, 2, 3), new SectionText.Whole()));
        assertThat(section("BODY[4.MIME]").section()).isEqualTo(new Section(List.of(4), new SectionText.Mime()));
        assertThat(section("BODY[4.1.TEXT]").section()).isEqualTo(new Section(List.of(4, 1), new SectionText.Text()));
        assertThat(section("BODY.PEEK[HEADER.FIELDS (From \"To\" {3+}\r\nBcc)]").section())
                .isEqualTo(new Section(List.of(), new SectionText.Fields(false, List.of("From", "To", "Bcc"))));
        assertThat(section("BODY[2.HEADER.FIELDS.NOT (Received)]").section())
                .isEqualTo(new Section(List.of(2), new SectionText.Fields(true, List.of("Received"))));
        for (var bad : List.of(
                "BODY[MIME]",
                "BODY[0]",
                "BODY[1.]",
                "BODY[1..2]",
                "BODY[.1]",
                "BODY[HEADER.FIELDS]",
                "BODY[HEADER.FIELDS ()]",
                "BODY[]<0.0>",
                "BODY[]<1>",
                "BODY[",
                "BODY[]<-1.5>",
                "BODY[TEXT.1]",
                "BODY[1HEADER]")) {
            assertThat(refuse(" 1 " + bad, g -> g.fetch(Kind.SEQUENCE)).syntaxIsRight())
                    .as(bad)
                    .isFalse();
        }
    }

    private static BodySection section(String text) {
        return (BodySection) parse(" 1 (" + text + ")", g -> g.fetch(Kind.SEQUENCE))
                .items()
                .iterator()
                .next();
    }

    @Test
    @DisplayName("bound: items, header fields, part numbers")
    void fetchBounds() {
        var deep = "1" + ".1".repeat(LIMITS.nesting());
        assertThat(refuse(" 1 BODY[" + deep + "]", g -> g.fetch(Kind.UID)).code())
                .contains(Code.Plain.LIMIT);
        var fields = new StringBuilder("f");
        for (int i = 0; i < LIMITS.fetchItems(); i++) {
            fields.append(" f").append(i);
        }
        assertThat(refuse(" 1 BODY[HEADER.FIELDS (" + fields + ")]", g -> g.fetch(Kind.UID))
                        .code())
                .contains(Code.Plain.LIMIT);
        var items = new StringBuilder("UID");
        for (int i = 1; i <= LIMITS.fetchItems(); i++) {
            items.append(" BODY[").append(i).append(']');
        }
        assertThat(refuse(" 1 (" + items + ")", g -> g.fetch(Kind.UID)).code()).contains(Code.Plain.LIMIT);
    }

    @Test
    @DisplayName("RFC 3501 §6.4.6: STORE")
    void store() {
        Command.Store store = parse(" 2:4 +FLAGS.SILENT (\\Deleted $Junk)", g -> g.store(Kind.SEQUENCE));
        assertThat(store)
                .isEqualTo(new Command.Store(
                        set(Kind.SEQUENCE, new Range(2, 4)),
                        new FlagChange(
                                FlagChange.Mode.ADD,
                                new Flags(SystemFlag.DELETED.bit(), List.of(new Keyword("$Junk")))),
                        true,
                        Optional.empty()));
        assertThat(parse(" 1 flags \\seen \\FLAGGED", g -> g.store(Kind.UID)).change())
                .isEqualTo(new FlagChange(FlagChange.Mode.REPLACE, Flags.of(SystemFlag.SEEN, SystemFlag.FLAGGED)));
        assertThat(parse(" 1 -FLAGS ()", g -> g.store(Kind.UID)).change().flags())
                .isEqualTo(Flags.NONE);
        assertThat(parse(" 1 FLAGS (\\Recent \\Draft)", g -> g.store(Kind.UID))
                        .change()
                        .flags())
                .isEqualTo(Flags.of(SystemFlag.DRAFT));
        for (var bad : List.of("FLAGS", "FLAGS \\Nonsense", "XFLAGS ()", "+ FLAGS ()", "FLAGS (a", "FLAGS (\\*)")) {
            assertThat(refuse(" 1 " + bad, g -> g.store(Kind.UID)).syntaxIsRight())
                    .as(bad)
                    .isFalse();
        }
        assertThat(refuse(" 1 FLAGS (" + "k".repeat(65) + ")", g -> g.store(Kind.UID))
                        .code())
                .contains(Code.Plain.LIMIT);
        var many = new StringBuilder("a");
        for (int i = 0; i < Flags.MAX_KEYWORDS; i++) {
            many.append(" k").append(i);
        }
        assertThat(refuse(" 1 FLAGS (" + many + ")", g -> g.store(Kind.UID)).code())
                .contains(Code.Plain.LIMIT);
        assertThat(refuse(" 1 FLAGS (" + "a ".repeat(LIMITS.flags()) + "a)", g -> g.store(Kind.UID))
                        .code())
                .contains(Code.Plain.LIMIT);
    }

    @Test
    @DisplayName("RFC 3501 §6.4.4: SEARCH keys")
    void searchKeys() {
        assertThat(key(" ALL")).isEqualTo(new SearchKey.All());
        assertThat(key(" 2,4:7"))
                .isEqualTo(new SearchKey.Numbers(set(Kind.SEQUENCE, new Range(2, 2), new Range(4, 7))));
        assertThat(key(" UID 5:*")).isEqualTo(new SearchKey.Numbers(set(Kind.UID, new Range(5, NumberSet.STAR))));
        assertThat(key(" NEW"))
                .isEqualTo(new SearchKey.And(
                        List.of(new SearchKey.Recent(), new SearchKey.Not(new SearchKey.Flag(SystemFlag.SEEN)))));
        assertThat(key(" OR SEEN NOT (FROM smith SINCE 1-Feb-1994)"))
                .isEqualTo(new SearchKey.Or(
                        new SearchKey.Flag(SystemFlag.SEEN),
                        new SearchKey.Not(new SearchKey.And(List.of(
                                new SearchKey.Header("FROM", "smith"),
                                new SearchKey.Internal(When.SINCE, LocalDate.of(1994, 2, 1)))))));
        assertThat(key(" HEADER X-Spam \"\"")).isEqualTo(new SearchKey.Header("X-Spam", ""));
        assertThat(key(" CHARSET UTF-8 TEXT {4+}\r\nBär")).isEqualTo(new SearchKey.Text("Bär"));
        assertThat(key(" SENTON \"10-Dec-2024\" LARGER 5000000000 UNKEYWORD $Junk"))
                .isEqualTo(new SearchKey.And(List.of(
                        new SearchKey.Sent(When.ON, LocalDate.of(2024, 12, 10)),
                        new SearchKey.Larger(5_000_000_000L),
                        new SearchKey.Not(new SearchKey.HasKeyword(new Keyword("$Junk"))))));
        assertThat(key(" YOUNGER 86400")).isEqualTo(new SearchKey.Within(true, 86400));
        for (var bad : List.of(
                "",
                "NONSENSE",
                "FROM",
                "NOT",
                "OR SEEN",
                "(SEEN",
                "()",
                "SINCE 31-Feb-2024",
                "SINCE x",
                "SEEN ",
                "CHARSET UTF-8",
                "YOUNGER 0",
                "ALL  ALL",
                "KEYWORD \\Seen")) {
            assertThat(refuse(' ' + bad, g -> g.search(Kind.UID)).syntaxIsRight())
                    .as(bad)
                    .isFalse();
        }
        var unknown = parse(" RETURN (SAVE) CHARSET X-NONE ALL", g -> g.search(Kind.UID))
                .program();
        assertThat(unknown.key()).isEmpty();
        assertThat(unknown.saves()).isTrue();
    }

    private static SearchKey key(String text) {
        return parse(text, g -> g.search(Kind.SEQUENCE)).program().key().orElseThrow();
    }

    @Test
    @DisplayName("bound: search keys and their nesting")
    void searchBounds() {
        var most = " SEEN".repeat(LIMITS.searchKeys());
        assertThat(key(most)).isInstanceOf(SearchKey.And.class);
        assertThat(refuse(most + " SEEN", g -> g.search(Kind.UID)).code()).contains(Code.Plain.LIMIT);
        int deepest = LIMITS.nesting();
        assertThat(key(" NOT".repeat(deepest) + " SEEN")).isInstanceOf(SearchKey.Not.class);
        assertThat(refuse(" NOT".repeat(deepest + 1) + " SEEN", g -> g.search(Kind.UID))
                        .code())
                .contains(Code.Plain.LIMIT);
        assertThat(refuse(' ' + "(".repeat(60_000), g -> g.search(Kind.UID)).code())
                .contains(Code.Plain.LIMIT);
    }

    private static Command.Announced announced(Command.Append append) {
        return ((AppendMessage.Source.Literal) append.first().source()).announced();
    }

    @Test
    @DisplayName("RFC 5092 §7, §11: relative URLs of messages and parts; others name nothing here")
    void urls() {
        var urls = new UrlGrammar(LIMITS);
        assertThat(urls.parse("/Drafts;UIDVALIDITY=385759045/;UID=20/;section=1.MIME"))
                .contains(new MessageUrl(
                        Optional.of(new FolderName("Drafts")),
                        Optional.of(new UidValidity(385759045)),
                        new Uid(20),
                        new FetchItem.Section(List.of(1), new FetchItem.SectionText.Mime()),
                        Optional.empty()));
        assertThat(urls.parse("a/b%20%C3%A4/;UID=7/;PARTIAL=3.9"))
                .contains(new MessageUrl(
                        Optional.of(new FolderName("a/b ä")),
                        Optional.empty(),
                        new Uid(7),
                        FetchItem.Section.WHOLE,
                        Optional.of(new FetchItem.Partial(3, 9))));
        assertThat(urls.parse(";UID=1/;SECTION=HEADER.FIELDS%20(From)/;PARTIAL=2"))
                .contains(new MessageUrl(
                        Optional.empty(),
                        Optional.empty(),
                        new Uid(1),
                        new FetchItem.Section(List.of(), new FetchItem.SectionText.Fields(false, List.of("From"))),
                        Optional.of(new FetchItem.Partial(2, Long.MAX_VALUE))));
        for (var bad : List.of(
                "",
                "imap://user@host/INBOX/;UID=1",
                "//host/INBOX/;UID=1",
                "/;UID=1",
                "/INBOX",
                "/INBOX;UID=1",
                "/INBOX/;UID=0",
                "/INBOX/;UID=1/",
                "/INBOX/;UID=1/;URLAUTH=anonymous",
                "/INBOX/;UID=1/;SECTION=1.",
                "/INBOX/;UID=1/;SECTION=1]<0.1>",
                "/INBOX/;UID=1/;SECTION={3}",
                "/INBOX/;UID=1/;PARTIAL=1.0",
                "/INBOX;UIDVALIDITY=x/;UID=1",
                "/a%2/;UID=1",
                "/a%FF/;UID=1",
                "/a%2A/;UID=1")) {
            assertThat(urls.parse(bad)).as(bad).isEmpty();
        }
    }

    @Test
    @DisplayName("RFC 3501 §6.3.11: APPEND up to its literal, which waits")
    void append() throws Exception {
        var lexer =
                new Lexer(WrittenSource.of(" Sent (\\Seen) \" 7-Feb-1994 21:52:25 -0800\" {5+}\r\nhello\r\n"), LIMITS);
        lexer.begin();
        var append = new Grammar(lexer, LIMITS, new Features()).append();
        assertThat(append)
                .isEqualTo(new Command.Append(
                        new FolderName("Sent"),
                        new AppendMessage(
                                Flags.of(SystemFlag.SEEN),
                                Optional.of(Instant.parse("1994-02-08T05:52:25Z")),
                                new AppendMessage.Source.Literal(
                                        AppendMessage.Form.PLAIN, new Command.Announced(5, false)))));
        var bytes = new ByteArrayOutputStream();
        lexer.readLiteral(announced(append), bytes);
        assertThat(bytes).hasToString("hello");
        assertThat(lexer.atEnd()).isTrue();
        assertThat(announced(parse(" INBOX {0}", Grammar::append))).isEqualTo(new Command.Announced(0, true));
        for (var bad : List.of(
                " INBOX",
                " INBOX \"x\"",
                " INBOX (\\Seen {5}",
                " INBOX {5",
                " INBOX {}",
                " INBOX {5} x",
                " INBOX {1 {5}",
                " INBOX \"32-Feb-1994 21:52:25 -0800\" {5}")) {
            assertThat(refuse(bad, Grammar::append).syntaxIsRight()).as(bad).isFalse();
        }
    }

    @Test
    @DisplayName("RFC 3501 §6.3: folder commands")
    void folders() {
        Command.Select examine = parse(" inBox", g -> g.select(true));
        assertThat(examine).isEqualTo(new Command.Select(FolderName.INBOX, true, false, Optional.empty()));
        assertThat(parse(" \"a b/\"", Grammar::create))
                .isEqualTo(new Command.Create(new FolderName("a b"), Optional.empty()));
        assertThat(parse(" Bin (USE (\\Trash))", Grammar::create).use()).contains(SpecialUse.TRASH);
        assertThat(refuse(" Bin (USE (\\Trash \\Junk))", Grammar::create).code())
                .contains(Code.Plain.USEATTR);
        assertThat(parse(" &AOQ-/b {1+}\r\nc", Grammar::rename))
                .isEqualTo(new Command.Rename(new FolderName("ä/b"), new FolderName("c")));
        assertThat(parse(" \"\" \"*\"", Grammar::list))
                .isEqualTo(new Command.ListFolders("", List.of("*"), ListOptions.NONE));
        assertThat(parse(" \"\" %", Grammar::lsub)).isEqualTo(new Command.Lsub("", "%"));
        assertThat(parse(" INBOX (MESSAGES uidnext)", Grammar::status))
                .isEqualTo(new Command.Status(FolderName.INBOX, EnumSet.of(StatusItem.MESSAGES, StatusItem.UIDNEXT)));
        for (var no : List.of(" a&b", " \"ä\"", " \"a//b\"", " /a", " \"\"", " \"a*b\"", " &2AA-")) {
            var refusal = refuse(no, Grammar::delete);
            assertThat(refusal.syntaxIsRight()).as(no).isTrue();
            assertThat(refusal.code()).as(no).contains(Code.Plain.CANNOT);
        }
        for (var bad : List.of("", " ", " a b", " a*")) {
            assertThat(refuse(bad, Grammar::delete).syntaxIsRight()).as(bad).isFalse();
        }
        assertThat(refuse(" INBOX ()", Grammar::status).syntaxIsRight()).isFalse();
        assertThat(refuse(" INBOX (NONSENSE)", Grammar::status).syntaxIsRight()).isFalse();
    }

    @Test
    @DisplayName("RFC 2971, RFC 5161, RFC 4959: ID, ENABLE, AUTHENTICATE")
    void others() {
        assertThat(parse(" NIL", Grammar::id).fields()).isEmpty();
        assertThat(parse(" (\"name\" \"K9\" \"os\" NIL)", Grammar::id).fields())
                .containsExactly(new Command.Id.Field("name", "K9"));
        assertThat(refuse(" (" + "\"a\" \"b\" ".repeat(31) + "\"c\" NIL)", Grammar::id)
                        .code())
                .contains(Code.Plain.LIMIT);
        assertThat(parse(" condstore X-Y", Grammar::enable).capabilities()).containsExactly("CONDSTORE", "X-Y");
        assertThat(parse(" plain", Grammar::authenticate).mechanism()).isEqualTo("PLAIN");
        assertThat(parse(" PLAIN AGEAYg==", Grammar::authenticate).initial())
                .contains(new Command.Authenticate.InitialResponse("AGEAYg=="));
        assertThat(parse(" PLAIN =", Grammar::authenticate).initial())
                .contains(new Command.Authenticate.InitialResponse(""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a+b", "(", "", "{", "a\u00e4", "\""})
    @DisplayName("RFC 3501 §9: tags")
    void badTags(String tag) throws IOException {
        var lexer = new Lexer(WrittenSource.of(tag + " NOOP\r\n"), LIMITS);
        lexer.begin();
        assertThatThrownBy(() -> {
                    lexer.tag();
                    lexer.space();
                })
                .isInstanceOf(Unparsable.class);
    }

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "INBOX, INBOX",
        "Entwürfe, Entw&APw-rfe",
        "a&b, a&-b",
        "日本語, &ZeVnLIqe-",
        "~peter/mail/台北/日本語, '~peter/mail/&U,BTFw-/&ZeVnLIqe-'",
        "😀, &2D3eAA-"
    })
    @DisplayName("RFC 3501 §5.1.3: modified UTF-7 both ways")
    void modifiedUtf7(String text, String encoded) {
        assertThat(ModifiedUtf7.encode(text)).isEqualTo(encoded);
        assertThat(ModifiedUtf7.decode(encoded)).contains(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "&",
                "&AGE",
                "&AGE-",
                "&Jjo!",
                "&U,BTFw-&ZeVnLIqe-",
                "&ZeVnLIqe",
                "&AAA=-",
                "&2AA-",
                "&A-",
                "a\tb",
                "ä",
                "&U/BTFw-",
                "&APx-"
            })
    @DisplayName("RFC 3501 §5.1.3: no other form is decoded")
    void modifiedUtf7IsStrict(String encoded) {
        assertThat(ModifiedUtf7.decode(encoded)).isEmpty();
    }

    @Test
    @DisplayName("RFC 3501 §9: date-time both ways")
    void dates() {
        var instant = Instant.parse("1994-02-08T05:52:25Z");
        assertThat(ImapDates.dateTime(" 7-Feb-1994 21:52:25 -0800")).contains(instant);
        assertThat(ImapDates.dateTime("07-feb-1994 21:52:25 -0800")).contains(instant);
        assertThat(ImapDates.dateTime(instant)).isEqualTo("08-Feb-1994 05:52:25 +0000");
        assertThat(ImapDates.dateTime(ImapDates.dateTime(instant))).contains(instant);
        for (var bad : List.of(
                "",
                "7-Feb-1994 21:52:25 -0800",
                "07-Fbe-1994 21:52:25 -0800",
                "07-Feb-1994 24:52:25 -0800",
                "07-Feb-1994 21:52:25 -9900",
                "07-Feb-1994 21:52:25 +0060",
                "07-Feb-1994T21:52:25 -0800",
                "٠7-Feb-1994 21:52:25 -0800")) {
            assertThat(ImapDates.dateTime(bad)).as(bad).isEmpty();
        }
    }

    @Test
    @DisplayName("every command line cut at every byte is refused or taken, and never anything else")
    void cutEverywhere() throws IOException {
        var lines = List.of(
                " 1:* (UID FLAGS BODY.PEEK[1.HEADER.FIELDS (From {2+}\r\nTo)]<0.5> ENVELOPE)",
                " CHARSET UTF-8 OR (FROM \"a\\\"b\" SINCE 1-Feb-1994) NOT HEADER {3+}\r\nX-A {0+}\r\n UID 1:5,7",
                " +FLAGS.SILENT (\\Seen $Junk)",
                " \"Sent\" (\\Seen) \" 7-Feb-1994 21:52:25 -0800\" {5+}\r\nhello");
        Set<Production<?>> productions = Set.of(
                g -> g.fetch(Kind.UID),
                g -> g.search(Kind.UID),
                g -> g.store(Kind.UID),
                Grammar::append,
                Grammar::login);
        int refused = 0;
        for (var line : lines) {
            for (int cut = 0; cut <= line.length(); cut++) {
                for (var production : productions) {
                    var lexer = new Lexer(WrittenSource.of(line.substring(0, cut) + "\r\nz9 NOOP\r\n"), LIMITS);
                    try {
                        lexer.begin();
                        production.read(new Grammar(lexer, LIMITS, new Features()));
                    } catch (Unparsable | java.io.EOFException e) {
                        refused++; // Or cut inside a literal: the client would still be sending.
                    }
                }
            }
        }
        assertThat(refused).isGreaterThan(1000);
    }
}
