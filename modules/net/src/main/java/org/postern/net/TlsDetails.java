package org.postern.net;

import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * What a finished handshake agreed on.
 *
 * @param version as OpenSSL and the JDK name it: {@code TLSv1.3}
 * @param serverName the name that the client asked for (RFC 6066 §3), lower case
 * @param certificate the one we showed: {@code tls-server-end-point} is made of it (RFC 5929 §4)
 */
public record TlsDetails(String version, String cipher, Optional<String> serverName, X509Certificate certificate) {}
