package org.postern.accounts.event;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;

/**
 * Whom events are told.
 *
 * @param url HTTPS, or HTTP on this machine
 * @param secret {@code whsec_} and base64 of 24 to 64 bytes, as Standard Webhooks has it
 * @param cases the stable names of those that are told; empty for all
 * @param timeout of one request, from connecting to the answer
 */
public record WebhookSettings(URI url, Secret secret, Set<String> cases, Duration timeout) {
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    public WebhookSettings {
        cases = Set.copyOf(cases);
        var host = url.getHost();
        boolean https = "https".equals(url.getScheme()) && host != null;
        boolean local = "http".equals(url.getScheme()) && host != null && THIS_MACHINE.contains(host);
        if (!https && !local) {
            throw new IllegalArgumentException("a webhook's url begins with https://, or is on this machine: " + url);
        }
    }

    boolean tells(String caseName) {
        return cases.isEmpty() || cases.contains(caseName);
    }

    /** The key of the signatures; never shown. */
    public static final class Secret {
        private static final String PREFIX = "whsec_";
        private static final int MIN_BYTES = 24;
        private static final int MAX_BYTES = 64;

        private final byte[] key;

        private Secret(byte[] key) {
            this.key = key;
        }

        /** @throws IllegalArgumentException when it is none; never says what was given */
        public static Secret parse(String text) {
            byte[] key;
            try {
                key = Base64.getDecoder().decode(text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : "");
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(expected());
            }
            if (key.length < MIN_BYTES || key.length > MAX_BYTES) {
                throw new IllegalArgumentException(expected());
            }
            return new Secret(key);
        }

        private static String expected() {
            return "a webhook's secret is whsec_ and base64 of " + MIN_BYTES + " to " + MAX_BYTES + " bytes";
        }

        byte[] key() {
            return key.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Secret secret && Arrays.equals(key, secret.key);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(key);
        }

        @Override
        public String toString() {
            return PREFIX + "…";
        }
    }
}
