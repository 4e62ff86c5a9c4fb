package org.postern.delivery.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.delivery.dkim.DkimVerdict.Result;
import org.postern.delivery.dns.Answer;
import org.postern.mime.MessageParser;
import org.postern.mime.bytes.Spool;
import org.postern.model.Domain;

class DkimTest {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final Domain DOMAIN = new Domain("example.org");
    private static final String MESSAGE = """
            Received: by mail.example.org
            From: Ann <ann@example.org>
            To: Bob <bob@elsewhere.example>
            Subject:  a   folded
            \tsubject\s\s
            Date: Thu, 26 Nov 2026 12:00:00 +0000
            Message-ID: <1@example.org>

            Hello,\s\s

            . a   dot
            b\u00f6dy\t


            """.replace("\n", "\r\n");

    private static final List<SigningKey> KEYS = new ArrayList<>();
    private static final Map<String, String> RECORDS = new HashMap<>();

    @TempDir
    Path directory;

    @BeforeAll
    static void keys() {
        for (var algorithm : KeyAlgorithm.values()) {
            var pair = algorithm.generate(new SecureRandom());
            var selector = algorithm.keyType();
            KEYS.add(new SigningKey(DOMAIN, selector, algorithm, pair.getPrivate()));
            RECORDS.put(
                    selector + "._domainkey.example.org",
                    "v=DKIM1; k=" + algorithm.keyType() + "; p="
                            + Base64.getEncoder().encodeToString(algorithm.published(pair.getPublic())));
        }
    }

    private static String signed(String message) {
        try (var spool = Spool.of(message.getBytes(ISO_8859_1))) {
            return new DkimSigner(KEYS).sign(spool, MessageParser.parse(spool).headerSize(), NOW) + message;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Result> verdicts(String message) {
        return verify(message, RECORDS).stream().map(DkimVerdict::result).toList();
    }

    private static List<DkimVerdict> verify(String message, Map<String, String> records) {
        try (var spool = Spool.of(message.getBytes(ISO_8859_1))) {
            return new DkimVerifier(
                            name -> records.containsKey(name)
                                    ? new Answer.Found<>(List.of(records.getOrDefault(name, "")))
                                    : new Answer.None<>(true),
                            InstantSource.fixed(NOW))
                    .verify(spool, MessageParser.parse(spool).headerSize());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName(
            "RFC 6376, RFC 8463: two signatures, RSA and Ed25519, that verify; lines that a relay would wrap do not occur")
    void signs() {
        var signed = signed(MESSAGE);
        assertThat(verdicts(signed)).containsExactly(Result.PASS, Result.PASS);
        assertThat(signed.lines().takeWhile(line -> !line.startsWith("Received")))
                .allMatch(line -> line.length() < 200)
                .noneMatch(String::isBlank);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\r\n", "\r\n\r\n", "x", "x\r\n\r\n\r\n", " \t\r\n", "a \t b\r\n  \r\n"})
    @DisplayName("RFC 6376 §3.4.4: bodies that are empty, blank, or without a last line end")
    void oddBodies(String body) {
        assertThat(verdicts(signed("From: ann@example.org\r\n\r\n" + body))).containsOnly(Result.PASS);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Hello,  | Hello,         | PASS
            a   dot | a dot          | PASS
            a   dot | a  dot         | PASS
            a   dot | adot           | FAIL
            b\u00f6dy    | body           | FAIL
            folded  | Folded         | FAIL
            Date: T | DATE: T        | PASS
            Received: by | Received: x by | PASS
            """)
    @DisplayName("RFC 6376 §3.4.2, §3.4.4: white space and case may change on the way, nothing else that is signed")
    void alterations(String from, String to, Result result) {
        assertThat(verdicts(signed(MESSAGE).replace(from, to))).containsOnly(result);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"From: evil@example.net", "Subject: evil", "Reply-To: evil@example.net", "Sender: evil@e.net"})
    @DisplayName("RFC 6376 §8.15: a field that is added breaks the signature, also one that was not there")
    void oversigns(String added) {
        assertThat(verdicts(added + "\r\n" + signed(MESSAGE))).containsOnly(Result.FAIL);
        assertThat(verdicts(signed(MESSAGE).replace("To: Bob", added + "\r\nTo: Bob")))
                .containsOnly(Result.FAIL);
    }

    @Test
    @DisplayName("RFC 6376 §6.1: keys that are missing, revoked, of another kind or too weak; what cannot be looked up")
    void badKeys() throws IOException {
        var message = signed(MESSAGE);
        for (var record : List.of(
                "v=DKIM1; p=",
                "v=DKIM2; p=abcd",
                "v=DKIM1; k=dsa; p=abcd",
                "v=DKIM1; k=rsa; p=!!",
                "v=DKIM1; s=tlsrpt; p=abcd",
                "v=DKIM1; h=sha1; p=abcd",
                "p=abcd; p=abcd",
                "v=DKIM1; k=rsa; p=" + weakKey())) {
            assertThat(verify(message, Map.of("rsa._domainkey.example.org", record)))
                    .extracting(DkimVerdict::result)
                    .containsOnly(Result.PERMERROR);
        }
        try (var spool = Spool.of(message.getBytes(ISO_8859_1))) {
            var verifier = new DkimVerifier(name -> new Answer.Unknown<>("timeout"), InstantSource.fixed(NOW));
            assertThat(verifier.verify(spool, MessageParser.parse(spool).headerSize()))
                    .extracting(DkimVerdict::result)
                    .containsOnly(Result.TEMPERROR);
        }
    }

    private static String weakKey() {
        return Crypto.sure(() -> {
            var generator = java.security.KeyPairGenerator.getInstance("RSA");
            generator.initialize(512);
            return Base64.getEncoder()
                    .encodeToString(generator.generateKeyPair().getPublic().getEncoded());
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a=rsa-sha1",
                "c=odd/relaxed",
                "d=example.net; i=@example.org",
                "h=To:Subject",
                "v=2",
                "x=1000",
                "bh=?",
                "l=x",
                "s=a b; q=dns/other"
            })
    @DisplayName("RFC 6376 §6.1.1, RFC 8301 §3.1: signatures that cannot be verified")
    void badSignatures(String tags) {
        var signature =
                "DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=rsa; h=From; bh=YQ==; b=YQ==; c=relaxed/relaxed";
        for (var tag : tags.split("; ", -1)) {
            var name = tag.substring(0, tag.indexOf('='));
            signature = signature.contains(' ' + name + '=')
                    ? signature.replaceAll(" " + name + "=[^;]*", " " + tag)
                    : signature + "; " + tag;
        }
        assertThat(verdicts(signature + "\r\n" + MESSAGE)).containsExactly(Result.PERMERROR);
    }

    @Test
    @DisplayName("RFC 6376 §8.4: no more signatures are looked at than the bound")
    void boundsSignatures() {
        var one = "DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=no; h=From; bh=YQ==; b=YQ==\r\n";
        assertThat(verdicts(one.repeat(DkimVerifier.MAX_SIGNATURES) + MESSAGE)).hasSize(DkimVerifier.MAX_SIGNATURES);
        assertThat(verdicts(one.repeat(DkimVerifier.MAX_SIGNATURES + 1) + MESSAGE))
                .hasSize(DkimVerifier.MAX_SIGNATURES);
    }

    @Test
    @DisplayName("RFC 8463 appendix A: the example verifies, both of its signatures")
    void rfcExample() throws IOException {
        var message = """
                DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
                 d=football.example.com; i=@football.example.com;
                 q=dns/txt; s=brisbane; t=1528637909; h=from : to :
                 subject : date : message-id : from : subject : date;
                 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
                 b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
                 Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
                DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
                 d=football.example.com; i=@football.example.com;
                 q=dns/txt; s=test; t=1528637909; h=from : to : subject :
                 date : message-id : from : subject : date;
                 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
                 b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
                 DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
                 dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
                From: Joe SixPack <joe@football.example.com>
                To: Suzie Q <suzie@shopping.example.net>
                Subject: Is dinner ready?
                Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
                Message-ID: <20030712040037.46341.5F8J@football.example.com>

                Hi.

                We lost the game.  Are you hungry yet?

                Joe.
                """.replace("\n", "\r\n");
        var records = Map.of(
                "brisbane._domainkey.football.example.com",
                "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
                "test._domainkey.football.example.com",
                "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi"
                        + "0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTI"
                        + "KT+l/K4w3QIDAQAB");
        assertThat(verify(message, records)).extracting(DkimVerdict::result).containsExactly(Result.PASS, Result.PASS);
    }

    @Test
    @DisplayName("Debian's python3-dkim verifies our signatures, where it is installed")
    void secondOpinion() throws IOException, InterruptedException {
        var python = Path.of("/usr/bin/python3");
        var script = """
                import sys, dkim
                message = open(sys.argv[1], 'rb').read()
                records = dict(line.rstrip('\\n').split('\\t') for line in open(sys.argv[2]))
                txt = lambda name, timeout=5: records[name.decode().rstrip('.')].encode()
                print([dkim.DKIM(message).verify(idx=i, dnsfunc=txt) for i in range(2)])
                """;
        assumeTrue(Files.isExecutable(python)
                && run(python, "-c", "import dkim, nacl").exit() == 0);
        var message = Files.write(directory.resolve("message"), signed(MESSAGE).getBytes(ISO_8859_1));
        var records = Files.write(
                directory.resolve("records"),
                RECORDS.entrySet().stream()
                        .map(record -> record.getKey() + '\t' + record.getValue())
                        .toList());
        assertThat(run(python, "-c", script, message.toString(), records.toString())
                        .output())
                .contains("[True, True]");
    }

    private record Run(int exit, String output) {}

    private static Run run(Path program, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), ISO_8859_1);
        assertThat(process.waitFor(Duration.ofMinutes(1).toMillis(), TimeUnit.MILLISECONDS))
                .isTrue();
        return new Run(process.exitValue(), output);
    }
}
