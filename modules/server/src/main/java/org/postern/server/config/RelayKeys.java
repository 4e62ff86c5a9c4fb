package org.postern.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.postern.delivery.Backoff;
import org.postern.delivery.relay.RelayLimits;
import org.postern.delivery.relay.RelayLimits.Concurrency;
import org.postern.delivery.relay.RelayLimits.Pace;
import org.postern.delivery.relay.client.Security;

/** Mail to other hosts. */
public record RelayKeys(
        @Default("true") boolean enabled,
        @Default("opportunistic") Security tls,
        @Default("true") boolean mtaSts,
        @Default("true") boolean dane,
        Optional<SmarthostKeys> smarthost,

        @Default("100") @Bounds(min = "1", max = "2000") int connections,

        @Default("8") @Bounds(min = "1", max = "500") int perDestination,
        @Default("5m") @Bounds(min = "1s", max = "1d") Duration firstRetry,
        @Default("2h") @Bounds(min = "1s", max = "1d") Duration longestRetry,
        @Default("4h") @Bounds(min = "1m", max = "30d") Duration delayNotice,
        @Default("5d") @Bounds(min = "1h", max = "30d") Duration expiry,
        @Default("20s") @Bounds(min = "2s", max = "10m") Duration claimLease) {
    public RelayKeys {
        if (tls == Security.IMPLICIT) {
            throw new IllegalArgumentException("tls of MX hosts is opportunistic, starttls or plain");
        }
        if (longestRetry.compareTo(firstRetry) < 0) {
            throw new IllegalArgumentException("longest-retry is not shorter than first-retry");
        }
    }

    /** The one host for everything. */
    public record SmarthostKeys(
            String host,

            @Default("587") @Bounds(min = "1", max = "65535")
            int port,

            @Default("starttls") Security tls,
            Optional<String> user,
            Optional<Path> passwordFile,
            Optional<Path> authorities) {
        public SmarthostKeys {
            if (user.isPresent() != passwordFile.isPresent()) {
                throw new IllegalArgumentException("user and password-file belong together");
            }
            if (user.isPresent() && (tls == Security.PLAIN || tls == Security.OPPORTUNISTIC)) {
                throw new IllegalArgumentException("a password is sent only over verified TLS: starttls or implicit");
            }
        }
    }

    /** With the bounds that are nobody's business at their defaults. */
    public RelayLimits toLimits() {
        var others = Pace.DEFAULT;
        var retry = new Backoff(firstRetry, longestRetry);
        return RelayLimits.DEFAULT
                .with(new Concurrency(connections, perDestination))
                .with(new Pace(claimLease, retry, others.quiet(), others.settle(), others.poll()));
    }
}
