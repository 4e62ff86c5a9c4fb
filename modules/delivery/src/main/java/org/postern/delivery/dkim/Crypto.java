package org.postern.delivery.dkim;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;

/** The JDK's algorithms that every JDK has to have. */
final class Crypto {
    private Crypto() {}

    /** A step that fails only where an algorithm is missing or our own key is broken. */
    @FunctionalInterface
    interface Step<T> {
        T take() throws GeneralSecurityException;
    }

    static <T> T sure(Step<T> step) {
        try {
            return step.take();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK's cryptography failed", e);
        }
    }

    static MessageDigest sha256() {
        return sure(() -> MessageDigest.getInstance("SHA-256"));
    }

    static byte[] sha256(byte[] bytes) {
        return sha256().digest(bytes);
    }
}
