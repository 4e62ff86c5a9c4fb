package org.postern.accounts.sasl;

import java.security.SecureRandom;
import java.util.Base64;

/** What makes one exchange unlike every other. */
final class Nonces {
    /** 144 bits: without padding in base64. */
    private static final int BYTES = 18;

    private final SecureRandom random;

    Nonces(SecureRandom random) {
        this.random = random;
    }

    /** Letters, digits, {@code -} and {@code _}. */
    String next() {
        var bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
