package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.time.Duration;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class TlsClientTest {
    private final Certificates certificates = Certificates.selfSigned("mx.example", "*.mail.example", "127.0.0.1");
    private SSLServerSocket server;

    @BeforeEach
    void listen() throws Exception {
        var keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("server", certificates.key(), new char[0], new Certificate[] {certificates.certificate()});
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, new char[0]);
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, new SecureRandom());
        server = (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0);
        Thread.ofVirtual().start(this::echo);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private void echo() {
        while (!server.isClosed()) {
            try (var socket = (SSLSocket) server.accept()) {
                socket.getInputStream().transferTo(socket.getOutputStream());
            } catch (java.io.IOException e) {
                // The client hung up; the next one follows.
            }
        }
    }

    @Test
    void speaksTlsToAnybody() {
        try (var client = TlsClient.to(server.getLocalPort())
                .from("127.0.0.2")
                .sni("mx.example")
                .protocols("TLSv1.2")
                .implicit()) {
            client.sendLine("günaydın").send("abc");
            assertThat(client.readLine()).isEqualTo("günaydın");
            assertThat(client.readExactly(3)).isEqualTo("abc".getBytes(StandardCharsets.US_ASCII));
            assertThat(client.tls().orElseThrow().getProtocol()).isEqualTo("TLSv1.2");
            assertThat(client.serverCertificate()).contains(certificates.certificate());
        }
    }

    @Test
    void saysWhatCameBeforeATimeout() {
        try (var client = TlsClient.to(server.getLocalPort())
                .timeout(Duration.ofMillis(300))
                .implicit()) {
            client.send("half a line");
            assertThatThrownBy(client::readLine)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("half a line");
        }
    }

    @Test
    void refusesAServerWithoutTls() throws Exception {
        try (var plain = new java.net.ServerSocket(0)) {
            Thread.ofVirtual().start(() -> {
                try (var socket = plain.accept()) {
                    socket.getOutputStream().write("* OK hello\r\n".getBytes(StandardCharsets.US_ASCII));
                } catch (java.io.IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertThatThrownBy(() -> TlsClient.to(plain.getLocalPort()).implicit())
                    .isInstanceOfAny(UncheckedIOException.class, IllegalStateException.class);
        }
    }

    @Test
    void keyIsForItsOwnerOnly() throws Exception {
        assertThat(java.nio.file.Files.getPosixFilePermissions(certificates.keyFile()))
                .hasSize(2);
        assertThat(certificates.certificate().getSubjectAlternativeNames()).hasSize(3);
    }
}
