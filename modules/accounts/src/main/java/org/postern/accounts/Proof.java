package org.postern.accounts;

import java.util.HexFormat;
import java.util.Optional;

/** How a client shows that it knows the secret of a client token. Never logged. */
public sealed interface Proof {
    /** The secret itself, as typed: PLAIN, LOGIN, USER and PASS. */
    record Secret(String typed) implements Proof {
        @Override
        public String mark() {
            return TokenSecret.typed(typed).plain();
        }

        @Override
        public Optional<byte[]> secretSha256() {
            return Optional.of(TokenSecret.typed(typed).sha256());
        }

        /** Never shows the secret. */
        @Override
        public String toString() {
            return "a secret";
        }
    }

    /** Something computed from the secret: it says nothing of whose token it is, so each of the mailbox's is tried. */
    sealed interface Computed extends Proof {
        @Override
        default Optional<byte[]> secretSha256() {
            return Optional.empty();
        }
    }

    /**
     * SCRAM-SHA-256's ClientProof (RFC 5802 §3).
     *
     * @param authMessage what both sides have said so far
     */
    @SuppressWarnings("ArrayRecordComponent") // Handed down once, never compared.
    record Scram(byte[] authMessage, byte[] clientProof) implements Computed {
        /** RFC 7677 §4 asks for 4096 at least; a generated secret of 125 bits gains nothing from more. */
        public static final int ITERATIONS = 4096;

        @Override
        public String mark() {
            return HexFormat.of().formatHex(clientProof);
        }
    }

    /** CRAM-MD5's digest, the HMAC-MD5 of the challenge (RFC 2195 §2). */
    @SuppressWarnings("ArrayRecordComponent") // Handed down once, never compared.
    record CramMd5(byte[] challenge, byte[] digest) implements Computed {
        @Override
        public String mark() {
            return HexFormat.of().formatHex(digest);
        }
    }

    /**
     * By what the same wrong proof is known again. One that is computed from a challenge is never the same: of those every
     * failure counts.
     */
    String mark();

    /** By what a token is found, where the secret is said. */
    Optional<byte[]> secretSha256();
}
