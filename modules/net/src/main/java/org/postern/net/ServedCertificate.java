package org.postern.net;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.SSLException;

/**
 * One certificate, ready to be shown: checked against its key, with the names it serves and its own ticket keys, so that
 * a session resumes only under the certificate it began with (RFC 8446 §4.6.1, RFC 5077 §5).
 */
final class ServedCertificate {
    /** Tickets are made with one key for this long, and taken for this long after. */
    static final Duration TICKET_KEY_LIFE = Duration.ofHours(12);

    private static final long SESSION_CACHE = 10_000;

    /** Forward secrecy and AEAD only; TLS 1.3 first (RFC 9325 §4.2). */
    private static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final int DNS_NAME = 2;

    private final SslContext context;
    /** Of ports with known peers: they speak with nobody else, and resume no session. */
    private final Map<KnownPeers, SslContext> guarded = new ConcurrentHashMap<>();

    private final Function<KnownPeers, SslContext> guarding;
    private final X509Certificate leaf;
    private final List<String> names;
    private List<OpenSslSessionTicketKey> ticketKeys = List.of();
    private Instant ticketKeyBorn = Instant.MIN;

    private ServedCertificate(
            SslContext context, Function<KnownPeers, SslContext> guarding, X509Certificate leaf, List<String> names) {
        this.context = context;
        this.guarding = guarding;
        this.leaf = leaf;
        this.names = names;
    }

    /** @throws GeneralSecurityException when the files hold no certificate, no key, or do not fit each other */
    static ServedCertificate load(TlsSettings.CertificateFiles files, SslProvider provider)
            throws IOException, GeneralSecurityException {
        var chain = Pem.chain(files.chain());
        var key = Pem.key(files.key());
        var leaf = chain.getFirst();
        prove(leaf, key);
        var context = builder(key, chain, provider)
                .sessionCacheSize(SESSION_CACHE)
                .sessionTimeout(TICKET_KEY_LIFE.toSeconds())
                .build();
        return new ServedCertificate(
                context, peers -> guarded(builder(key, chain, provider), peers), leaf, names(leaf));
    }

    private static SslContextBuilder builder(PrivateKey key, List<X509Certificate> chain, SslProvider provider) {
        return SslContextBuilder.forServer(key, chain.toArray(X509Certificate[]::new))
                .sslProvider(provider)
                .protocols("TLSv1.3", "TLSv1.2")
                .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE);
    }

    private static SslContext guarded(SslContextBuilder builder, KnownPeers peers) {
        try {
            return builder.clientAuth(ClientAuth.REQUIRE)
                    .trustManager(peers.trust())
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("a certificate that serves strangers does not serve known peers", e);
        }
    }

    SslContext context(Optional<KnownPeers> peers) {
        return peers.map(known -> guarded.computeIfAbsent(known, guarding)).orElse(context);
    }

    X509Certificate leaf() {
        return leaf;
    }

    /** Lower case; {@code *.example.org} for a wildcard. */
    List<String> names() {
        return names;
    }

    /**
     * Gives tickets a new key when theirs is old; the JDK's provider does so by itself. One thread at a time.
     *
     * <p>Without this OpenSSL's contexts issue none, and TLS 1.3 resumes only by ticket.
     */
    void renewTicketKeys(Instant now, SecureRandom random) {
        if (!(context.sessionContext() instanceof OpenSslSessionContext sessions)
                || now.isBefore(ticketKeyBorn.plus(TICKET_KEY_LIFE))) {
            return;
        }
        var keys = new ArrayList<OpenSslSessionTicketKey>();
        keys.add(new OpenSslSessionTicketKey(
                bytes(random, OpenSslSessionTicketKey.NAME_SIZE),
                bytes(random, OpenSslSessionTicketKey.HMAC_KEY_SIZE),
                bytes(random, OpenSslSessionTicketKey.AES_KEY_SIZE)));
        if (!ticketKeys.isEmpty()) {
            keys.add(ticketKeys.getFirst());
        }
        sessions.setTicketKeys(keys.toArray(OpenSslSessionTicketKey[]::new));
        ticketKeys = List.copyOf(keys);
        ticketKeyBorn = now;
    }

    private static byte[] bytes(SecureRandom random, int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A key beside the wrong certificate would otherwise fail in every handshake instead of here. */
    private static void prove(X509Certificate leaf, PrivateKey key) throws GeneralSecurityException {
        var algorithm = switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> "EdDSA";
        };
        var message = "Postern".getBytes(StandardCharsets.US_ASCII);
        var signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(message);
        var signed = signature.sign();
        signature.initVerify(leaf.getPublicKey());
        signature.update(message);
        if (!signature.verify(signed)) {
            throw new InvalidKeyException("the key does not belong to the certificate of "
                    + leaf.getSubjectX500Principal().getName());
        }
    }

    /** The DNS names of subjectAltName, or without any, the common name (RFC 9525 §2 calls that obsolete; it is still made). */
    private static List<String> names(X509Certificate leaf) throws CertificateParsingException {
        var names = new ArrayList<String>();
        var alternatives = leaf.getSubjectAlternativeNames();
        if (alternatives != null) {
            for (var alternative : alternatives) {
                if (alternative.get(0).equals(DNS_NAME)) {
                    names.add(((String) alternative.get(1)).toLowerCase(Locale.ROOT));
                }
            }
        }
        if (names.isEmpty()) {
            try {
                for (var part : new LdapName(leaf.getSubjectX500Principal().getName()).getRdns()) {
                    if (part.getType().equalsIgnoreCase("CN")) {
                        names.add(part.getValue().toString().toLowerCase(Locale.ROOT));
                    }
                }
            } catch (InvalidNameException e) {
                throw new CertificateParsingException(e);
            }
        }
        return List.copyOf(names);
    }
}
