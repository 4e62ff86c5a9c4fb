package org.postern.mailstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.mailstore.search.IndexSettings;
import org.postern.mailstore.search.SearchIndex;
import org.postern.mailstore.search.SearchIndexer;
import org.postern.mailstore.search.TextQuery;
import org.postern.mailstore.search.TextQuery.Where;
import org.postern.mime.MessageParser;
import org.postern.mime.SearchText;
import org.postern.mime.bytes.Spool;
import org.postern.model.Flags;
import org.postern.model.MailboxId;
import org.postern.model.UidSet;
import org.postern.testkit.MailCorpus;
import org.postern.testkit.ScratchDatabase;

class SearchIndexTest {
    /** Small, so that some hundred messages meet every bound; blocks are looked at whenever there is time. */
    private static final IndexSettings SMALL = looking(Duration.ofHours(1), Duration.ZERO);

    private static final SweepSettings AT_ONCE = new SweepSettings(
            Duration.ofHours(1), Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, 1000);

    @RegisterExtension
    final ScratchDatabase scratch = new ScratchDatabase();

    private Store store;
    private SearchIndex index;
    private MailboxId mailbox;

    @BeforeEach
    void open() {
        store = new Store(scratch.database());
        index = new SearchIndex(store.database);
        mailbox = store.mailbox();
    }

    @AfterEach
    void close() {
        assertThat(store.violations()).isEmpty();
        store.close();
    }

    private static IndexSettings looking(Duration interval, Duration patience) {
        return new IndexSettings(
                interval, patience, 16, 100_000, Duration.ofMinutes(1), 20_000, 64, Duration.ofDays(1));
    }

    private void index(IndexSettings settings) throws IOException {
        new SearchIndexer(store.database, store.contents, settings).work();
    }

    private long[] contents() {
        var snapshot = store.fresh(store.inbox(mailbox));
        return IntStream.range(0, snapshot.size())
                .mapToLong(i -> snapshot.content(i).value())
                .toArray();
    }

    private long count(String table) {
        return store.database.once(tx -> tx.one("SELECT count(*) FROM " + table, row -> row.longValue(1)));
    }

    private List<Integer> holding(Where where, String text) {
        var contents = contents();
        var answers = index.ask(mailbox, contents, new TextQuery(where, text));
        return IntStream.range(0, contents.length)
                .filter(i -> answers.holds(contents[i]))
                .boxed()
                .toList();
    }

    @Test
    @DisplayName("RFC 3501 §6.4.4: the index finds what reading every message finds, for any piece of text")
    void oracle() throws IOException {
        long seed = new Random().nextLong();
        var messages = new MailCorpus(seed).messages(200);
        var neighbour = store.mailbox();
        for (var message : messages) {
            store.append(mailbox, "INBOX", Store.message(message, Flags.NONE));
            store.append(neighbour, "INBOX", Store.message(message, Flags.NONE));
        }
        index(SMALL);
        assertThat(count("search_block")).isGreaterThanOrEqualTo(4);
        var bodies = new ArrayList<String>();
        var headers = new ArrayList<String>();
        for (var message : messages) {
            var bytes = Spool.of(message);
            var structure = MessageParser.parse(bytes).structure();
            try (var body = SearchText.body(structure, bytes, 1 << 20);
                    var header = SearchText.header(structure, bytes)) {
                bodies.add(read(body));
                headers.add(read(header));
            }
        }
        var contents = contents();
        var random = new Random(seed);
        for (int round = 0; round < 150; round++) {
            var from = (random.nextBoolean() ? bodies : headers).get(random.nextInt(messages.size()));
            var text = piece(from, random);
            for (var where : Where.values()) {
                var answers = index.ask(mailbox, contents, new TextQuery(where, text));
                for (int i = 0; i < contents.length; i++) {
                    boolean inHeader = where != Where.BODY && holds(headers.get(i), text);
                    boolean inBody = where != Where.HEADER && holds(bodies.get(i), text);
                    if (answers.knows(contents[i])) {
                        assertThat(answers.holds(contents[i]))
                                .as("seed %d, message %d, %s, <%s>", seed, i, where, text)
                                .isEqualTo(inHeader || inBody);
                    }
                }
            }
        }
        var known = index.ask(mailbox, contents, new TextQuery(Where.BODY, "invoice"));
        assertThat(IntStream.range(0, contents.length).filter(i -> !known.knows(contents[i])))
                .as("only what is too long is unknown, seed %d", seed)
                .allMatch(i -> bodies.get(i).getBytes(StandardCharsets.UTF_8).length > SMALL.textBytes() / 2);
    }

    private static String read(Reader reader) throws IOException {
        var out = new StringWriter();
        reader.transferTo(out);
        return out.toString();
    }

    private static boolean holds(String in, String text) throws IOException {
        return SearchText.contains(new StringReader(in), text);
    }

    /** One to twelve characters of a line, in other letters now and then. */
    private static String piece(String text, Random random) {
        var lines = text.lines().filter(line -> !line.isBlank()).toList();
        var line = lines.isEmpty() ? "nothing" : lines.get(random.nextInt(lines.size()));
        var points = line.codePoints().filter(c -> c >= ' ').toArray();
        int start = random.nextInt(points.length);
        var piece = new String(points, start, Math.min(1 + random.nextInt(12), points.length - start));
        return switch (random.nextInt(4)) {
            case 0 -> piece.toUpperCase(Locale.ROOT);
            case 1 -> piece + "q";
            default -> piece;
        };
    }

    @Test
    @DisplayName("what is not indexed yet, or too long, or asked with a line end is unknown, never wrong")
    void unknown() throws IOException {
        store.append(mailbox, "INBOX", Store.message("Subject: one\r\n\r\nneedle\r\n"));
        var question = new TextQuery(Where.BODY, "Needle");
        assertThat(index.ask(mailbox, contents(), question).knows(contents()[0]))
                .isFalse();
        index(SMALL);
        store.append(mailbox, "INBOX", Store.message("Subject: two\r\n\r\nneedle\r\n"));
        var answers = index.ask(mailbox, contents(), question);
        assertThat(answers.holds(contents()[0])).isTrue();
        assertThat(answers.knows(contents()[1])).isFalse();
        store.append(
                mailbox,
                "INBOX",
                Store.message("Subject: three\r\n\r\nneedle" + "x".repeat(SMALL.textBytes()) + "\r\n"));
        index(SMALL);
        answers = index.ask(mailbox, contents(), question);
        assertThat(answers.holds(contents()[1])).isTrue();
        assertThat(answers.knows(contents()[2])).isFalse();
        assertThat(index.ask(mailbox, contents(), new TextQuery(Where.BODY, "needle\r\n"))
                        .knows(contents()[0]))
                .isFalse();
    }

    @Test
    @DisplayName("a block answers for its texts, and is dissolved when half of them are gone")
    void blocks() throws IOException {
        for (int i = 0; i < 70; i++) {
            store.append(mailbox, "INBOX", Store.message("Subject: s\r\n\r\nmessage <" + i + ">\r\n"));
        }
        index(SMALL);
        assertThat(count("search_block")).isEqualTo(1);
        assertThat(count("search_open")).isEqualTo(6);
        assertThat(holding(Where.BODY, "<7>")).containsExactly(7);
        assertThat(holding(Where.BODY, "<69>")).containsExactly(69);
        assertThat(holding(Where.BODY, "6"))
                .containsExactly(6, 16, 26, 36, 46, 56, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69);

        store.folders.remove(store.inbox(mailbox), UidSet.range(1, 33));
        new StoreSweeps(store.database, AT_ONCE).sweep();
        assertThat(count("search_text")).isEqualTo(37);
        store.database.transact(tx -> tx.one("SELECT search_check_block('0 seconds')", row -> row.bool(1)));
        assertThat(count("search_block")).isZero();
        assertThat(count("search_open")).isEqualTo(37);
        assertThat(holding(Where.BODY, "<69>")).containsExactly(36);
    }

    @Test
    @DisplayName("two nodes share the work, and a dead one's share is taken up")
    void nodes() throws IOException {
        store.filled(mailbox, "INBOX", 40);
        store.database.transact(tx ->
                tx.list("SELECT * FROM search_claim(25, '0 seconds')", row -> row.longValue(1))); // It died at once.
        var other = scratch.anotherNode();
        new SearchIndexer(other, new Contents(other), SMALL).work();
        index(SMALL);
        assertThat(count("search_todo")).isZero();
        assertThat(holding(Where.HEADER, "NUMBER 40")).containsExactly(39);
    }

    @Test
    @DisplayName("bound: bytes of text that one transaction stores, however many messages a batch has")
    void batchBytes() throws IOException {
        var text = "word ".repeat(3_000);
        for (int i = 0; i < 8; i++) {
            store.append(mailbox, "INBOX", Store.message("Subject: " + i + "\r\n\r\n" + text));
        }
        index(SMALL);
        assertThat(count("search_text")).isEqualTo(8);
        assertThat(count("(SELECT DISTINCT xmin::text FROM search_text) transactions"))
                .isEqualTo(2);
    }

    @Test
    @DisplayName("what arrives while others have the processors waits until they have not")
    void waitsForProcessors() {
        var load = new AtomicReference<>(0.51);
        var asked = new AtomicInteger();
        var settings = looking(Duration.ofMillis(10), Duration.ofHours(1));
        DoubleSupplier asks = () -> {
            asked.incrementAndGet();
            return load.get();
        };
        try (var indexer = new SearchIndexer(store.database, store.contents, settings, asks)) {
            indexer.start();
            await().until(() -> asked.get() > 0); // Its first look is over.
            store.append(mailbox, "INBOX", Store.numbered(1));
            await().during(Duration.ofMillis(200)).until(() -> count("search_todo") == 1);
            load.set(0.5);
            await().until(() -> count("search_todo") == 0);
        }
    }

    @Test
    @DisplayName("and no longer than the patience of its settings")
    void waitsNoLonger() {
        var settings = looking(Duration.ofMillis(10), Duration.ofMillis(50));
        try (var indexer = new SearchIndexer(store.database, store.contents, settings, () -> 1.0)) {
            indexer.start();
            store.append(mailbox, "INBOX", Store.numbered(1));
            await().until(() -> count("search_todo") == 0);
        }
    }
}
