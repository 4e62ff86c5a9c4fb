package org.postern.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.postern.model.Domain;
import org.postern.net.TlsSettings.CertificateFiles;
import org.postern.testkit.Certificates;
import org.postern.testkit.TlsClient;

/** Versions, providers, server names and certificate files. */
class TlsTest {
    @TempDir
    Path directory;

    private Certificates certificate(String folder, String... names) throws IOException {
        return Certificates.selfSignedIn(Files.createDirectories(directory.resolve(folder)), names);
    }

    @ParameterizedTest
    @CsvSource({"OPENSSL,TLSv1.3", "OPENSSL,TLSv1.2", "JDK,TLSv1.3", "JDK,TLSv1.2"})
    @DisplayName("RFC 9325 §3.1: TLS 1.3 and 1.2, by either provider")
    void versions(TlsSettings.Provider provider, String version) {
        try (var node = new TestNode(Limits.usual(), provider, TestNode.DEFAULT_CERTIFICATE);
                var client = TlsClient.to(node.listen(TlsMode.IMPLICIT).port())
                        .protocols(version)
                        .implicit()) {
            client.readLine();
            client.sendLine("WHO");
            assertThat(client.readLine()).isEqualTo("127.0.0.1 " + version);
            var tls = node.sessions.only().tls().orElseThrow();
            assertThat(tls.certificate()).isEqualTo(TestNode.DEFAULT_CERTIFICATE.certificate());
            assertThat(tls.cipher()).contains("AES");
            client.sendLine("QUIT");
            assertThat(client.readToEnd()).isEqualTo("bye\r\n");
            assertThat(node.count("postern.tls.handshakes", "version", version, "outcome", "completed"))
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "JDK"})
    @DisplayName("RFC 9325 §3.1.1: TLS 1.1 and older are refused")
    void oldVersions(TlsSettings.Provider provider) throws Exception {
        try (var node = new TestNode(Limits.usual(), provider, TestNode.DEFAULT_CERTIFICATE);
                var client = TlsClient.to(node.listen(TlsMode.IMPLICIT).port()).plain()) {
            // A client hello of TLS 1.1: the JDK's client no longer makes one.
            client.send(Hellos.clientHello(0x0302));
            client.readToEnd();
            await().untilAsserted(() -> assertThat(node.count("postern.tls.handshakes", "outcome", "failed"))
                    .isEqualTo(1));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "JDK"})
    @DisplayName(
            "RFC 6066 §3: the server name chooses the certificate; wildcards fit one label; the first is the default")
    void serverNames(TlsSettings.Provider provider) throws IOException {
        var first = certificate("first", "mail.example.org", "imap.example.org");
        var second = certificate("second", "mail.example.net");
        var wild = certificate("wild", "*.example.com", "example.com");
        try (var node = new TestNode(Limits.usual(), provider, first, second, wild)) {
            int port = node.listen(TlsMode.IMPLICIT).port();
            assertThat(shown(port, "mail.example.org")).isEqualTo(first.certificate());
            assertThat(shown(port, "IMAP.example.ORG")).isEqualTo(first.certificate());
            assertThat(shown(port, "mail.example.net")).isEqualTo(second.certificate());
            assertThat(shown(port, "any.example.com")).isEqualTo(wild.certificate());
            assertThat(shown(port, "example.com")).isEqualTo(wild.certificate());
            assertThat(shown(port, "two.labels.example.com")).isEqualTo(first.certificate());
            assertThat(shown(port, "unknown.example")).isEqualTo(first.certificate());
            try (var client = TlsClient.to(port).implicit()) {
                assertThat(client.serverCertificate()).contains(first.certificate());
            }
            assertThat(node.sessions.begun.get(1).tls().orElseThrow().serverName())
                    .contains("imap.example.org");
        }
    }

    @Test
    @DisplayName(
            "a client that names no server, or an unknown one, sees the certificate of the listener's own host name")
    void hostnames() throws IOException {
        var first = certificate("first", "mail.example.org");
        var second = certificate("second", "out.example.org");
        try (var node = new TestNode(Limits.usual(), TlsSettings.Provider.AUTO, first, second)) {
            int port =
                    node.listen(TlsMode.IMPLICIT, new Domain("out.example.org")).port();
            assertThat(shown(port, "mail.example.org")).isEqualTo(first.certificate());
            assertThat(shown(port, "unknown.example")).isEqualTo(second.certificate());
            try (var client = TlsClient.to(port).implicit()) {
                assertThat(client.serverCertificate()).contains(second.certificate());
            }
            int nameless =
                    node.listen(TlsMode.IMPLICIT, new Domain("in.example.org")).port();
            assertThat(shown(nameless, "unknown.example")).isEqualTo(first.certificate());
        }
    }

    private static X509Certificate shown(int port, String name) {
        try (var client = TlsClient.to(port).sni(name).implicit()) {
            return client.serverCertificate().orElseThrow();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "JDK"})
    @DisplayName(
            "Changed files are served to new connections; running ones go on; broken files keep the old certificate")
    void reloads(TlsSettings.Provider provider) throws IOException {
        var old = certificate("served", "mail.example.org");
        try (var node = new TestNode(Limits.usual(), provider, old)) {
            int port = node.listen(TlsMode.IMPLICIT).port();
            try (var running = TlsClient.to(port).implicit()) {
                running.readLine();
                var renewed = certificate("renewed", "mail.example.org");
                renewed.copyTo(old.certificateFile(), old.keyFile());
                awaitShown(port, renewed);
                running.sendLine("still here");
                assertThat(running.readLine()).isEqualTo("still here");

                Files.writeString(old.certificateFile(), "-----BEGIN CERTIFICATE-----\nnot finished");
                node.tls.reload();
                awaitShown(port, renewed);
                Files.delete(old.certificateFile());
                node.tls.reload();
                awaitShown(port, renewed);

                // First the key of another certificate, then that certificate: in between the pair does not fit.
                var third = certificate("third", "mail.example.org");
                Files.copy(renewed.certificateFile(), old.certificateFile());
                third.copyTo(directory.resolve("unused"), old.keyFile());
                node.tls.reload();
                awaitShown(port, renewed);
                third.copyTo(old.certificateFile(), old.keyFile());
                awaitShown(port, third);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"OPENSSL,TLSv1.3", "OPENSSL,TLSv1.2", "JDK,TLSv1.3", "JDK,TLSv1.2"})
    @DisplayName("RFC 8446 §2.2, RFC 5077: a client that comes back resumes its session")
    void resumes(TlsSettings.Provider provider, String version) throws Exception {
        try (var node = new TestNode(Limits.usual(), provider, TestNode.DEFAULT_CERTIFICATE)) {
            int port = node.listen(TlsMode.IMPLICIT).port();
            var context = TrustingContext.make(); // Remembers sessions by host and port.
            var created = new ArrayList<Long>();
            for (int i = 0; i < 3; i++) {
                try (var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
                    socket.setEnabledProtocols(new String[] {version});
                    socket.startHandshake();
                    // TLS 1.3 tickets come with the first bytes of the server.
                    assertThat(socket.getInputStream().read()).isEqualTo('h');
                    created.add(socket.getSession().getCreationTime());
                }
            }
            assertThat(created.get(1)).isEqualTo(created.get(0));
        }
    }

    private static void awaitShown(int port, Certificates expected) {
        await().untilAsserted(() -> {
            try (var client = TlsClient.to(port).implicit()) {
                assertThat(client.serverCertificate()).contains(expected.certificate());
            }
        });
    }

    @Test
    @DisplayName(
            "A certificate beside another's key, a missing key, an encrypted key: refused at start, with the reason")
    void refusesBrokenFiles() throws IOException {
        var one = certificate("one", "mail.example.org");
        var two = certificate("two", "mail.example.org");
        assertThatThrownBy(() -> open(one.certificateFile(), two.keyFile()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("does not belong");
        assertThatThrownBy(() -> open(one.certificateFile(), one.certificateFile()))
                .hasMessageContaining("no private key");
        assertThatThrownBy(() -> open(one.keyFile(), one.keyFile())).hasMessageContaining("no CERTIFICATE");
        assertThatThrownBy(() -> open(directory.resolve("nowhere"), one.keyFile()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nowhere");
        var encrypted = Files.writeString(
                directory.resolve("encrypted"),
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
        assertThatThrownBy(() -> open(one.certificateFile(), encrypted)).hasMessageContaining("passphrase");
    }

    @Test
    @DisplayName("RFC 5915, RFC 8017: keys in SEC 1 and PKCS #1 are read, also beside their certificate in one file")
    void olderKeyFormats() throws Exception {
        var ec = certificate("ec", "mail.example.org");
        var sec1 = directory.resolve("sec1.pem");
        var p256 = SECObjectIdentifiers.secp256r1;
        var der = new ECPrivateKey(256, ((java.security.interfaces.ECPrivateKey) ec.key()).getS(), p256).getEncoded();
        var block = "-----BEGIN EC PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(der)
                + "\n-----END EC PRIVATE KEY-----\n";
        Files.writeString(sec1, Files.readString(ec.certificateFile()) + block);
        open(sec1, sec1);
        var nameless = Files.writeString(directory.resolve("nameless.pem"), pem(ec.key()));
        assertThatThrownBy(() -> Pem.key(nameless)).hasMessageContaining("curve");

        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        var rsa = generator.generateKeyPair().getPrivate();
        var pkcs1 = Files.writeString(directory.resolve("pkcs1.pem"), pem(rsa));
        assertThat(Files.readString(pkcs1)).contains("BEGIN RSA PRIVATE KEY");
        assertThat(Pem.key(pkcs1)).isEqualTo(rsa);
    }

    private static void open(Path chain, Path key) throws IOException {
        var settings = new TlsSettings(
                TlsSettings.Provider.AUTO, List.of(new CertificateFiles(chain, key)), Duration.ofSeconds(10));
        TlsContexts.open(settings, Clock.systemUTC(), new SecureRandom()).close();
    }

    private static String pem(PrivateKey key) throws IOException {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(key);
        }
        return text.toString();
    }
}
