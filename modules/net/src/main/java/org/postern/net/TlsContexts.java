package org.postern.net;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postern.model.Domain;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates being served: chosen by server name (RFC 6066 §3), reloaded when their files change.
 *
 * <p>Handshakes read one immutable table. A reload makes a new one; connections that run keep what they have. The contexts
 * are not reference-counted: a handshake that has just looked one up could otherwise meet its release.
 */
public final class TlsContexts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TlsContexts.class);

    private final SslProvider provider;
    private final InstantSource clock;
    private final SecureRandom random;
    private final List<Entry> entries;
    private final Thread watcher;
    private volatile Table table;
    private volatile boolean closed;

    private TlsContexts(
            SslProvider provider, List<Entry> entries, TlsSettings settings, InstantSource clock, SecureRandom random) {
        this.provider = provider;
        this.entries = entries;
        this.clock = clock;
        this.random = random;
        this.table = Table.of(entries);
        this.watcher = Thread.ofVirtual().name("certificate watch").unstarted(() -> watch(settings));
    }

    /**
     * Reads all certificates and begins to watch their files.
     *
     * @throws IOException when one cannot be read or does not fit its key; says which and why
     */
    public static TlsContexts open(TlsSettings settings, InstantSource clock, SecureRandom random) throws IOException {
        var provider = provider(settings.provider());
        var entries = new ArrayList<Entry>();
        for (var files : settings.certificates()) {
            try {
                var seen = Fingerprint.of(files);
                entries.add(new Entry(files, seen, ServedCertificate.load(files, provider)));
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                throw new IOException("certificate " + files.chain() + ": " + e.getMessage(), e);
            }
        }
        var contexts = new TlsContexts(provider, entries, settings, clock, random);
        for (var entry : entries) {
            contexts.serve(entry);
        }
        contexts.watcher.start();
        return contexts;
    }

    private static SslProvider provider(TlsSettings.Provider wanted) throws IOException {
        return switch (wanted) {
            case JDK -> SslProvider.JDK;
            case OPENSSL -> {
                if (!OpenSsl.isAvailable()) {
                    throw new IOException("OpenSSL cannot be loaded", OpenSsl.unavailabilityCause());
                }
                yield SslProvider.OPENSSL;
            }
            case AUTO -> {
                if (!OpenSsl.isAvailable()) {
                    LOG.atWarn()
                            .setCause(OpenSsl.unavailabilityCause())
                            .log("OpenSSL cannot be loaded; TLS falls back to the JDK, which is slower");
                    yield SslProvider.JDK;
                }
                yield SslProvider.OPENSSL;
            }
        };
    }

    /**
     * The certificate of the server that a client names, in lower case; else that of the listener's own host name; else the first of
     * all.
     */
    ServedCertificate choose(@Nullable String serverName, Optional<Domain> hostname) {
        var now = table;
        return Optional.ofNullable(serverName)
                .flatMap(now::named)
                .or(() -> hostname.map(Domain::name).flatMap(now::named))
                .orElse(now.first());
    }

    /** Looks at the files now; a broken one keeps what is served and is logged. Any thread. */
    public synchronized void reload() {
        for (var entry : entries) {
            refresh(entry);
            entry.served.renewTicketKeys(clock.instant(), random);
        }
    }

    private void refresh(Entry entry) {
        Fingerprint now;
        try {
            now = Fingerprint.of(entry.files);
        } catch (IOException e) {
            now = Fingerprint.MISSING; // Between a delete and the rename that replaces it.
        }
        boolean changed = !now.equals(entry.seen);
        // After a failure try again even unchanged: it may have been read half written.
        if (!changed && !entry.broken) {
            return;
        }
        try {
            entry.served = ServedCertificate.load(entry.files, provider);
            entry.broken = false;
            serve(entry);
            table = Table.of(entries);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            entry.broken = true;
            if (changed) {
                LOG.atError()
                        .addKeyValue("chain", entry.files.chain())
                        .addKeyValue("key", entry.files.key())
                        .setCause(e)
                        .log("The changed certificate is not usable; the old one stays");
            }
        }
        entry.seen = now;
    }

    private void serve(Entry entry) {
        var now = clock.instant();
        var leaf = entry.served.leaf();
        entry.served.renewTicketKeys(now, random);
        var expires = leaf.getNotAfter().toInstant();
        var line = expires.isBefore(now) ? LOG.atWarn() : LOG.atInfo();
        line.addKeyValue("chain", entry.files.chain())
                .addKeyValue("names", entry.served.names())
                .addKeyValue("expires", expires)
                .addKeyValue("provider", provider)
                .log(expires.isBefore(now) ? "Serving a certificate that has expired" : "Serving certificate");
    }

    private void watch(TlsSettings settings) {
        while (!closed) {
            try {
                Thread.sleep(settings.recheck());
            } catch (InterruptedException e) {
                return; // close() wakes us so.
            }
            try {
                reload();
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("Looking at the certificates failed; trying again");
            }
        }
    }

    /** Stops watching. */
    @Override
    public void close() {
        closed = true;
        watcher.interrupt();
    }

    /** One configured pair. Guarded by the TlsContexts after construction. */
    private static final class Entry {
        private final TlsSettings.CertificateFiles files;
        private Fingerprint seen;
        private ServedCertificate served;
        private boolean broken;

        Entry(TlsSettings.CertificateFiles files, Fingerprint seen, ServedCertificate served) {
            this.files = files;
            this.seen = seen;
            this.served = served;
        }
    }

    /** What tells that a file is another one: ACME clients replace files or the links to them. */
    private record Fingerprint(Mark chain, Mark key) {
        private static final Fingerprint MISSING =
                new Fingerprint(new Mark(FileTime.fromMillis(0), -1, ""), new Mark(FileTime.fromMillis(0), -1, ""));

        static Fingerprint of(TlsSettings.CertificateFiles files) throws IOException {
            return new Fingerprint(Mark.of(files.chain()), Mark.of(files.key()));
        }

        private record Mark(FileTime modified, long size, String identity) {
            static Mark of(Path file) throws IOException {
                var attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return new Mark(
                        attributes.lastModifiedTime(), attributes.size(), Objects.toString(attributes.fileKey()));
            }
        }
    }

    private record Table(
            Map<String, ServedCertificate> exact, Map<String, ServedCertificate> wildcard, ServedCertificate first) {
        static Table of(List<Entry> entries) {
            var exact = new HashMap<String, ServedCertificate>();
            var wildcard = new HashMap<String, ServedCertificate>();
            for (var entry : entries) {
                for (var name : entry.served.names()) {
                    if (name.startsWith("*.")) {
                        wildcard.putIfAbsent(name.substring(1), entry.served);
                    } else {
                        exact.putIfAbsent(name, entry.served);
                    }
                }
            }
            return new Table(exact, wildcard, entries.getFirst().served);
        }

        Optional<ServedCertificate> named(String serverName) {
            var served = exact.get(serverName);
            int dot = serverName.indexOf('.');
            if (served == null && dot > 0) {
                served = wildcard.get(serverName.substring(dot)); // One label only (RFC 9525 §6.3).
            }
            return Optional.ofNullable(served);
        }
    }
}
