package org.postern.smtp.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Counter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.delivery.FullMailboxes;
import org.postern.delivery.inbound.Inspection;
import org.postern.model.Domain;
import org.postern.net.KnownPeers;
import org.postern.net.TlsMode;
import org.postern.testkit.CertificateAuthority;
import org.postern.testkit.Certificates;
import org.postern.testkit.OnScratch;
import org.postern.testkit.TlsClient;
import org.postern.testkit.Transcript;

@DisplayName("LMTP over TLS with known peers")
class KnownPeersTest {
    @RegisterExtension
    static final OnScratch<InboundNode> NODE = OnScratch.forClass(InboundNode::new);

    @TempDir
    static Path directory;

    private static CertificateAuthority authority;
    private static int implicit;
    private static int startTls;

    private final InboundNode node;

    KnownPeersTest(InboundNode node) {
        this.node = node;
    }

    @BeforeAll
    static void open() {
        authority = CertificateAuthority.in(directory.resolve("ours"), "Ours");
        var peers = Optional.of(new KnownPeers(
                List.of(authority.certificate()),
                Set.of(new Domain("edge.example.org"), new Domain("edge2.example.org"))));
        var node = NODE.opened();
        var sessions = node.lmtp(node.settings(InboundLimits.LMTP, FullMailboxes.DEFER), Inspection.NONE);
        implicit = node.listen("0.0.0.0", TlsMode.IMPLICIT, peers, sessions);
        startTls = node.listen("0.0.0.0", TlsMode.STARTTLS, peers, sessions);
    }

    private static final String DELIVERY = """
            C: LHLO edge.example.org
            S: ...
            S: 250 CHUNKING
            C: MAIL FROM:<a@far.example>
            S: 250 ...
            C: RCPT TO:<ann@example.org>
            S: 250 ...
            C: DATA
            S: 354 ...
            C: Subject: hello
            C:
            C: .
            S: 250 2.0.0 Delivered as ...
            """;

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    @DisplayName("who shows a certificate of a known authority for a known name is taken at its word")
    void known(String version) {
        var shown = authority.issue("other.example.org", "EDGE2.example.org");
        try (var session = Transcript.with(
                () -> TlsClient.to(implicit).protocols(version).showing(shown).implicit())) {
            session.plays("S: 220 mx.example.org LMTP ...\n" + DELIVERY);
        }
    }

    @Test
    @DisplayName("RFC 3207: by STARTTLS too; before it nothing is told but that it is there")
    void startTls() {
        var shown = authority.issue("edge.example.org");
        try (var session =
                Transcript.with(() -> TlsClient.to(startTls).showing(shown).plain())) {
            session.plays("""
                    S: 220 ...
                    C: MAIL FROM:<a@far.example>
                    S: 530 5.7.0 Must issue a STARTTLS command first
                    C: LHLO edge.example.org
                    S: 250-mx.example.org greets you
                    S: 250-PIPELINING
                    S: 250-8BITMIME
                    S: 250-ENHANCEDSTATUSCODES
                    S: 250-SIZE 104857600
                    S: 250 STARTTLS
                    C: RCPT TO:<ann@example.org>
                    S: 530 5.7.0 ...
                    C: STARTTLS
                    S: 220 ...
                    C! STARTTLS
                    """ + DELIVERY);
        }
    }

    private static List<Optional<Certificates>> strangers() {
        return List.of(
                Optional.empty(),
                Optional.of(authority.issue("stranger.example.org")),
                Optional.of(authority.issue("edge.example.org.evil.example")),
                Optional.of(Certificates.selfSigned("edge.example.org")),
                Optional.of(CertificateAuthority.in(directory.resolve("theirs"), "Ours")
                        .issue("edge.example.org")));
    }

    @Test
    @DisplayName("no certificate, another name, another authority: closed in the handshake, without a word")
    void strangersLearnNothing() {
        double before = failedHandshakes();
        for (var shown : strangers()) {
            assertThatThrownBy(() -> speak(shown)).isInstanceOf(UncheckedIOException.class);
        }
        await().until(() -> failedHandshakes() == before + strangers().size());
    }

    /** In TLS 1.3 a client learns with its first read that the server has not liked its certificate. */
    private static void speak(Optional<Certificates> shown) {
        var target = TlsClient.to(implicit);
        try (var client = shown.map(target::showing).orElse(target).implicit()) {
            assertThat(client.readLine()).as("what a stranger is told").isNull();
        }
    }

    private double failedHandshakes() {
        return node.meters.find("postern.tls.handshakes").tag("outcome", "failed").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }
}
