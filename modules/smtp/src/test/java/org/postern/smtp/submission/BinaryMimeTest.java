package org.postern.smtp.submission;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.testkit.OnScratch;
import org.postern.testkit.Transcript;

@DisplayName("BINARYMIME")
class BinaryMimeTest {
    private static final String HEADER = "Content-Type: image/png\r\nContent-Transfer-Encoding: ";

    @RegisterExtension
    static final OnScratch<SubmissionNode> NODE = OnScratch.forClass(SubmissionNode::new);

    private final SubmissionNode node;

    BinaryMimeTest(SubmissionNode node) {
        this.node = node;
    }

    private Transcript withRecipient(String body) {
        return node.loggedIn().plays("""
                C: MAIL FROM:<ann@example.org> BODY=%s
                S: 250 ...
                C: RCPT TO:<bob@example.org>
                S: 250 ...
                """.formatted(body));
    }

    /** @return the reply to all of it */
    private static String bdat(Transcript session, String message) {
        var client = session.client(1);
        var bytes = message.getBytes(ISO_8859_1);
        client.send("BDAT " + bytes.length + " LAST\r\n");
        client.send(bytes, 0, bytes.length);
        return client.readLine();
    }

    @Test
    @DisplayName(
            "RFC 3030 §3: after BODY=BINARYMIME the message comes by BDAT, and is kept as one that everybody can read")
    void binary() {
        try (var session = withRecipient("binarymime")) {
            session.plays("""
                    C: DATA
                    S: 503 5.5.1 ...
                    """);
            assertThat(bdat(session, "Subject: photo\r\n" + HEADER + "binary\r\n\r\n\u0089PNG\r\n\u001a\n\0\r\n.\r\n"))
                    .startsWith("250 2.0.0 Accepted as ");
        }
        assertThat(node.inbox(node.bob))
                .filteredOn(message -> message.contains("Subject: photo"))
                .singleElement()
                .satisfies(message -> assertThat(message).endsWith(HEADER + "base64\r\n\r\niVBORw0KGgoADQouDQo=\r\n"));
    }

    @Test
    @DisplayName("RFC 3030 §3: bytes cut into chunks anywhere are one message; for other hosts it waits as 8BITMIME")
    void chunks() {
        try (var session = node.loggedIn()) {
            session.plays("""
                    C: MAIL FROM:<ann@example.org> BODY=BINARYMIME
                    S: 250 ...
                    C: RCPT TO:<x@elsewhere.example>
                    S: 250 ...
                    """);
            session.client(1).send("BDAT 5\r\nX: y\rBDAT 2\r\n\n\r");
            assertThat(session.client(1).readLine()).startsWith("250 2.0.0 5 octets");
            assertThat(session.client(1).readLine()).startsWith("250 2.0.0 2 octets");
            assertThat(bdat(session, "\n" + "text\r\n")).startsWith("250 2.0.0 Accepted as ");
        }
        assertThat(node.database.<String>once(tx -> tx.one(
                        "SELECT q.body_type FROM queue q JOIN queue_recipient r USING (queue_id)"
                                + " WHERE r.address = 'x@elsewhere.example'",
                        row -> row.text(1))))
                .isEqualTo("8BITMIME");
    }

    @ParameterizedTest
    @CsvSource({
        "BINARYMIME, 8bit,   a\\0b,  554 5.6.0 The message has NUL",
        "BINARYMIME, 8bit,   a\\nb,  554 5.6.0 Bare CR or LF",
        "8BITMIME,   binary, a\\0b,  554 5.6.0 The message has NUL",
        "8BITMIME,   binary, a\\nb,  554 5.6.0 Bare CR or LF",
        "7BIT,       binary, a\\0b,  554 5.6.0 The message has NUL",
    })
    @DisplayName("RFC 3030 §3, RFC 5321 §2.3.8: only what both MAIL and the part call binary may be no text")
    void text(String body, String encoding, String content, String reply) {
        int before = node.messages();
        try (var session = withRecipient(body)) {
            var bytes = content.replace("\\0", "\0").replace("\\n", "\n");
            assertThat(bdat(session, HEADER + encoding + "\r\n\r\n" + bytes + "\r\n"))
                    .startsWith(reply);
            session.plays("""
                    C: NOOP
                    S: 250 ...
                    """);
        }
        assertThat(node.messages()).isEqualTo(before);
    }

    @Test
    @DisplayName(
            "RFC 1847 §2.1, RFC 2046 §5.1: what is signed cannot be binary; a multipart that does not end is refused")
    void structure() {
        var part = "--b\r\n" + HEADER + "binary\r\n\r\n\0\r\n";
        try (var session = withRecipient("BINARYMIME")) {
            assertThat(bdat(session, "Content-Type: multipart/signed; boundary=b\r\n\r\n" + part + "--b--\r\n"))
                    .startsWith("554 5.6.2 ");
        }
        try (var session = withRecipient("BINARYMIME")) {
            assertThat(bdat(session, "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part + "--c--\r\n"))
                    .startsWith("554 5.6.0 ");
        }
    }
}
