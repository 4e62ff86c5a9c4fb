package org.postern.console.owner;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.accounts.OwnerLogins;
import org.postern.testbed.Person;
import org.postern.testbed.ProtocolServer;
import org.postern.testbed.TestNode;
import org.postern.testkit.TlsClient;

@DisplayName("The page for owners")
class OwnerPagesTest {
    @RegisterExtension
    static final ProtocolServer HTTPS = new ProtocolServer(
            "https",
            node -> new OwnerPages(
                    node.accounts().owners(node.mailboxes()),
                    node.accounts().accessSwitches(),
                    HttpLimits.DEFAULT,
                    TestNode.HELP,
                    node.meters()),
            refusal -> OwnerPages.closing(refusal, TestNode.HELP));

    private static final String PASSWORD = "correct horse battery";

    /** Failures count for each client network: every test comes from one of its own. */
    private static final AtomicInteger NETWORKS = new AtomicInteger(1);

    private String network = elsewhere();

    private static String elsewhere() {
        return "127.0.7." + NETWORKS.incrementAndGet();
    }

    private static Person owner() {
        var person = HTTPS.person();
        TestNode.done(HTTPS.node().mailboxes().setPassword(person.address(), PASSWORD));
        return person;
    }

    /** The whole answer to one request. */
    private String ask(String request) {
        try (var client = TlsClient.to(HTTPS.port()).from(network).implicit()) {
            return client.send(request.getBytes(ISO_8859_1)).readToEnd();
        }
    }

    private String post(String address, String password, String what, String... over) {
        var form = new StringBuilder("address=" + encoded(address) + "&password=" + encoded(password) + "&do=" + what);
        for (var protocol : over) {
            form.append("&over=").append(protocol);
        }
        return ask("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                + "Content-Length: " + form.length() + "\r\n\r\n" + form);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String status(String answer) {
        return answer.substring("HTTP/1.1 ".length(), "HTTP/1.1 ".length() + 3);
    }

    private static long events(Person person, String caseName, String key, String value) {
        return HTTPS.node()
                .database()
                .once(tx -> tx.one(
                        "SELECT count(*) FROM event WHERE case_name = ? AND mailbox_id = ? AND detail ->> ? = ?",
                        row -> row.longValue(1),
                        caseName,
                        person.mailbox().value(),
                        key,
                        value));
    }

    @Test
    @DisplayName("one step switches access off, one step switches it on; each is an event by the owner")
    void turns() {
        var ann = owner();
        var off = post(ann.address().toString(), PASSWORD, "off", "imap", "pop3");
        assertThat(status(off)).isEqualTo("200");
        assertThat(off)
                .contains(
                        "<th scope=\"row\">IMAP</th><td>off since ",
                        "<th scope=\"row\">POP3</th><td>off since ",
                        "<th scope=\"row\">SMTP</th><td>on</td>");
        assertThat(events(ann, "access-off", "by", "owner")).isEqualTo(2);

        var on = post(ann.address().toString(), PASSWORD, "on", "imap");
        assertThat(on).contains("<th scope=\"row\">IMAP</th><td>on</td>", "<th scope=\"row\">POP3</th><td>off since ");
        assertThat(events(ann, "access-on", "by", "owner")).isEqualTo(1);
        assertThat(post(ann.address().toString(), PASSWORD, "show")).contains("<th scope=\"row\">IMAP</th><td>on</td>");
        assertThat(events(ann, "access-on", "by", "owner")).isEqualTo(1);
    }

    @Test
    @DisplayName("without a protocol nothing changes, and the page says what to do")
    void nothingChosen() {
        var ann = owner();
        assertThat(post(ann.address().toString(), PASSWORD, "off")).contains("Choose at least one", "<td>on</td>");
    }

    @Test
    @DisplayName("wrong password, client token, unknown address, no password, paused: all alike")
    void refusedAlike() {
        var ann = owner();
        var paused = owner();
        TestNode.done(HTTPS.node().mailboxes().pause(paused.address()));
        var wrong = Map.of(
                ann.address().toString(),
                "wrong password",
                HTTPS.person().address().toString(),
                PASSWORD,
                "nobody@example.org",
                PASSWORD,
                paused.address().toString(),
                PASSWORD);
        var answers = new HashSet<String>();
        wrong.forEach((address, password) -> {
            network = elsewhere();
            answers.add(post(address, password, "on", "imap")
                    .replace(address, "ADDRESS")
                    .replaceAll("Content-Length: \\d+", "Content-Length: N"));
        });
        assertThat(answers).hasSize(1);
        assertThat(status(answers.iterator().next())).isEqualTo("403");
        assertThat(status(post(ann.address().toString(), ann.secret(), "on", "imap")))
                .isEqualTo("403");
        assertThat(events(ann, "access-on", "by", "owner")).isZero();
    }

    @Test
    @DisplayName("who fails too often is told to slow down, and the right password is still taken")
    void slowDown() {
        var ann = owner();
        for (int i = 0; i < 3; i++) {
            assertThat(status(post(ann.address().toString(), "wrong " + i, "on", "imap")))
                    .isEqualTo("403");
        }
        assertThat(status(post(ann.address().toString(), "wrong 4", "on", "imap")))
                .isEqualTo("429");
        assertThat(status(post(ann.address().toString(), PASSWORD, "on", "imap")))
                .isEqualTo("200");
    }

    @Test
    @DisplayName("more owners at once than passwords are tested at once: each has an answer")
    void manyAtOnce() throws Exception {
        var ann = owner();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<String>>();
            for (int i = 0; i < 3 * OwnerLogins.AT_ONCE; i++) {
                answers.add(threads.submit(() -> post(ann.address().toString(), PASSWORD, "show")));
            }
            for (var answer : answers) {
                assertThat(status(answer.get())).isEqualTo("200");
            }
        }
    }

    @Test
    @DisplayName("what was typed comes back as text, never as markup")
    void escapes() {
        var answer = post("\"><script>alert(1)</script>@x", "anything at all", "on", "imap");
        assertThat(answer).doesNotContain("<script").contains("&quot;&gt;&lt;script&gt;");
    }

    @Test
    @DisplayName("browsers keep nothing, run nothing, and show it in nobody's frame; HEAD has no body")
    void fields() {
        var answer = ask("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(status(answer)).isEqualTo("200");
        assertThat(answer)
                .contains(
                        "Cache-Control: no-store\r\n",
                        "default-src 'none'; style-src 'sha256-",
                        "frame-ancestors 'none'",
                        "X-Content-Type-Options: nosniff\r\n")
                .contains("<form method=\"post\" action=\"/\">");
        var head = ask("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(head).endsWith("\r\n\r\n").contains("Content-Length: ").doesNotContain("<form");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET /x HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n                                                    | 404
            PUT / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n                                                     | 405
            GET / HTTP/2.0\\r\\nHost: a\\r\\n\\r\\n                                                     | 505
            GET / HTTP/1.1\\r\\n\\r\\n                                                                  | 400
            GET / HTTP/1.0\\r\\n\\r\\n                                                                  | 200
            hello\\r\\n\\r\\n                                                                           | 400
            GET / HTTP/1.1\\r\\nHost: a\\r\\n folded\\r\\n\\r\\n                                        | 400
            GET / HTTP/1.1\\r\\nHost : a\\r\\n\\r\\n                                                    | 400
            GET / HTTP/1.1\\r\\nHost: a\\r\\nHost: b\\r\\n\\r\\n                                        | 400
            POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 1\\r\\nContent-Length: 2\\r\\n\\r\\nab      | 400
            POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: -1\\r\\n\\r\\n                            | 400
            POST / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n         | 411
            POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 2\\r\\n\\r\\n{}                           | 415
            """)
    @DisplayName("RFC 9112: what is malformed, or not for here, has its status")
    void malformed(String request, String status) {
        assertThat(status(ask(request.replace("\\r", "\r").replace("\\n", "\n"))))
                .isEqualTo(status);
    }

    @Test
    @DisplayName("each bound of a request holds at the bound and not beyond")
    void bounds() {
        var limits = HttpLimits.DEFAULT;
        var start = "GET / HTTP/1.1\r\nHost: a\r\n";
        var field = "X: " + "x".repeat(limits.line() - 5) + "\r\n";
        assertThat(status(ask(start + field + "\r\n"))).isEqualTo("200");
        assertThat(status(ask(start + "X" + field + "\r\n"))).isEqualTo("431");
        assertThat(status(ask(start + "A: b\r\n".repeat(limits.fields() - 1) + "\r\n")))
                .isEqualTo("200");
        assertThat(status(ask(start + "A: b\r\n".repeat(limits.fields()) + "\r\n")))
                .isEqualTo("431");
        var post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ";
        assertThat(status(ask(post + limits.body() + "\r\n\r\n" + "x".repeat(limits.body()))))
                .as("taken, though it says nothing")
                .isEqualTo("400");
        assertThat(status(ask(post + (limits.body() + 1) + "\r\n\r\n"))).isEqualTo("413");
    }

    @Test
    @DisplayName("seeded garbage is answered or cut off, and disturbs nobody")
    void garbage() {
        var random = new Random(42);
        var good = "POST /?x=y HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                + "Content-Length: 29\r\n\r\naddress=a%40b&password=x&do=on";
        for (int i = 0; i < 300; i++) {
            var bytes = good.getBytes(ISO_8859_1);
            for (int n = 1 + random.nextInt(4); n > 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try (var client = TlsClient.to(HTTPS.clearPort()).from(network).plain()) {
                client.send(bytes).endOutput();
                var answer = client.readToEnd();
                assertThat(answer)
                        .satisfiesAnyOf(
                                said -> assertThat(said).isEmpty(),
                                said -> assertThat(said).startsWith("HTTP/1.1 4"),
                                said -> assertThat(said).startsWith("HTTP/1.1 505"));
            }
        }
        assertThat(status(ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n"))).isEqualTo("200");
    }
}
