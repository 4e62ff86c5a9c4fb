package org.postern.delivery.inbound;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Which filter is asked, and what its answers mean here.
 *
 * @param url of a normal worker of Rspamd: scheme, host and port
 * @param password where it wants one
 * @param timeout from the question to the whole answer
 * @param maxBytes a larger message is not asked about
 */
public record SpamSettings(
        URI url,
        Optional<String> password,
        Duration timeout,
        long maxBytes,
        Unreachable unreachable,
        Probable probable,
        Certain certain) {
    /** What becomes of mail that the filter cannot be asked about. */
    public enum Unreachable {
        /** It is taken, and a field says that nobody has looked. */
        ACCEPT,
        /** It is to come again later. */
        DEFER
    }

    /** What becomes of mail that the filter has marked: "add header", "rewrite subject". */
    public enum Probable {
        JUNK,
        /** It is delivered as any other, and a field says what was found. */
        MARK
    }

    /** What becomes of mail that the filter has rejected. */
    public enum Certain {
        REFUSE,
        JUNK
    }

    public SpamSettings {
        boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!isHttp || url.getHost() == null) {
            throw new IllegalArgumentException("a spam filter's url is http://host:port or https://host:port: " + url);
        }
        if (!timeout.isPositive() || maxBytes < 1) {
            throw new IllegalArgumentException("bounds of the spam filter must be positive");
        }
    }
}
