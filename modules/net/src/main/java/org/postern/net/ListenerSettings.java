package org.postern.net;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.postern.model.Domain;

/**
 * One port as configured.
 *
 * @param name in logs and metrics: {@code imaps}, {@code submission}
 * @param protocol in metrics: {@code imap}, {@code smtp}
 * @param bind port 0 takes a free one
 * @param proxyFrom the networks whose connections must begin with a PROXY protocol header; from all others such a header
 *     is garbage
 * @param hostname what mail apps call the server here: whose certificate a client sees that names no server
 * @param cramMd5 whether clients may log in by CRAM-MD5 here
 * @param channelBinding whether clients may bind their login to the TLS session here
 * @param peers who alone may connect, and must say so in the handshake; empty: anybody
 */
public record ListenerSettings(
        String name,
        String protocol,
        InetSocketAddress bind,
        TlsMode tls,
        List<Cidr> proxyFrom,
        Optional<Domain> hostname,
        boolean cramMd5,
        boolean channelBinding,
        Optional<KnownPeers> peers) {
    public ListenerSettings {
        proxyFrom = List.copyOf(proxyFrom);
    }

    /** Without a name of its own and without CRAM-MD5, with channel binding. */
    public ListenerSettings(String name, String protocol, InetSocketAddress bind, TlsMode tls, List<Cidr> proxyFrom) {
        this(name, protocol, bind, tls, proxyFrom, Optional.empty(), false, true, Optional.empty());
    }
}
