package org.postern.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.postern.server.ServerProcess;
import org.postern.testkit.ImapTestClient;
import org.postern.testkit.MailCorpus;
import org.postern.testkit.Pop3TestClient;
import org.postern.testkit.SmtpTestClient;

/**
 * Clients that move {@value #SIZE} bytes each in and out on every protocol, all at once, in a process of their own: they encrypt
 * gigabytes, and only the optimising compiler, which other tests do without, has the processor's AES for them.
 */
final class LargeMailClients {
    private static final int SIZE = 30_000_000;
    private static final String DONE = "all came back as it was";

    private LargeMailClients() {}

    /** Runs them to their end, one for each mailbox; fails the test with what they say unless all is well. */
    static void run(ServerProcess server, List<TestMailbox> mailboxes) throws IOException, InterruptedException {
        var line = new ArrayList<String>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of("-Xmx700m", "-XX:+UseSerialGC", "-cp"));
        line.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        line.add(LargeMailClients.class.getName());
        for (int port : List.of(server.imaps(), server.pop3s(), server.smtps())) {
            line.add(Integer.toString(port));
        }
        mailboxes.forEach(mailbox -> line.addAll(List.of(mailbox.address(), mailbox.token())));
        var process = new ProcessBuilder(line).redirectErrorStream(true).start();
        try {
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor())
                    .as("%s%nand the server%n%s", said, server.log())
                    .isZero();
            assertThat(said).contains(DONE);
        } finally {
            process.destroyForcibly();
        }
    }

    /** @param arguments ports of IMAP, POP3 and SMTP with TLS; then addresses and tokens by turns */
    public static void main(String[] arguments) throws Exception {
        var message = new MailCorpus(30).large(SIZE);
        var digest = sha256(message);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var outcomes = new ArrayList<Future<String>>();
            for (int i = 3; i < arguments.length; i += 2) {
                outcomes.add(threads.submit(inAndOut(arguments, arguments[i], arguments[i + 1], message)));
            }
            outcomes.getFirst().get();
            assertThat(binary(arguments, arguments[3], arguments[4], message)).isEqualTo(digest);
            for (var outcome : outcomes) {
                assertThat(outcome.get()).isEqualTo(digest);
            }
        }
        System.out.println(DONE);
    }

    private static Callable<String> inAndOut(String[] ports, String address, String token, byte[] message) {
        return () -> {
            try (var imap = ImapTestClient.loggedIn(Integer.parseInt(ports[0]), address, token)) {
                assertThat(imap.append("INBOX", message)).startsWith("OK");
                imap.ok("SELECT INBOX");
                var byImap = imap.fetchDigest(1);
                try (var pop3 = Pop3TestClient.loggedIn(Integer.parseInt(ports[1]), address, token)) {
                    assertThat(pop3.retrieveDigest(1)).isEqualTo(byImap);
                }
                try (var smtp = SmtpTestClient.loggedIn(Integer.parseInt(ports[2]), address, token)) {
                    var own = ("From: " + address + "\r\n").getBytes(StandardCharsets.US_ASCII);
                    assertThat(smtp.submit(address, address, afterFrom(own, message)))
                            .startsWith("250");
                }
                var sizes = String.join("\n", imap.ok("NOOP"));
                assertThat(sizes).contains("2 EXISTS");
                assertThat(imap.fetchDigest(2)).isNotEmpty();
                return byImap;
            }
        };
    }

    /** The bytes of the message as an attachment that is no text: sent as they are, and read decoded. */
    private static String binary(String[] ports, String address, String token, byte[] content) {
        var header = ("From: " + address + "\r\nContent-Type: application/octet-stream\r\n"
                        + "Content-Transfer-Encoding: binary\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        var message = new byte[header.length + content.length];
        System.arraycopy(header, 0, message, 0, header.length);
        System.arraycopy(content, 0, message, header.length, content.length);
        try (var smtp = SmtpTestClient.loggedIn(Integer.parseInt(ports[2]), address, token);
                var imap = ImapTestClient.loggedIn(Integer.parseInt(ports[0]), address, token)) {
            assertThat(smtp.submitBinary(address, address, message)).startsWith("250");
            imap.ok("SELECT INBOX");
            return imap.fetchDigest(3, "BINARY.PEEK[1]");
        }
    }

    /** The corpus writes as Ann; a submission must come from the mailbox itself. */
    private static byte[] afterFrom(byte[] from, byte[] message) {
        var text = new String(message, 0, 400, StandardCharsets.ISO_8859_1);
        int start = text.indexOf("From: ");
        int end = text.indexOf("\r\n", start) + 2;
        var changed = new byte[message.length - (end - start) + from.length];
        System.arraycopy(message, 0, changed, 0, start);
        System.arraycopy(from, 0, changed, start, from.length);
        System.arraycopy(message, end, changed, start + from.length, message.length - end);
        return changed;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
