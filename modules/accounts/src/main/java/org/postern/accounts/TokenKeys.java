package org.postern.accounts;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is stored of one token's secret beside its hash: the keys of what a client may compute from it, for the two ways
 * of typing it, with dashes and without (what is typed is what such a client hashes).
 */
record TokenKeys(Spelling dashed, Spelling plain) {
    /** Of no token. */
    static final TokenKeys NOBODYS = new TokenKeys(Spelling.NOBODYS, Spelling.NOBODYS);

    /** @param cramMd5 only of a token that is made for it */
    record Spelling(ScramKeys scram, Optional<CramMd5Keys> cramMd5) {
        static final Spelling NOBODYS = new Spelling(ScramKeys.NOBODYS, Optional.empty());

        boolean answeredBy(Proof.Computed proof) {
            return switch (proof) {
                case Proof.Scram computed -> scram.answeredBy(computed);
                case Proof.CramMd5 computed ->
                    cramMd5.orElse(CramMd5Keys.NOBODYS).answeredBy(computed) && cramMd5.isPresent();
            };
        }

        /** What the server shows in its turn, where the mechanism has it so. */
        Optional<byte[]> counterProof(Proof.Computed proof) {
            return switch (proof) {
                case Proof.Scram computed -> Optional.of(scram.sign(computed));
                case Proof.CramMd5 computed -> Optional.empty();
            };
        }
    }

    static TokenKeys of(TokenSecret secret, byte[] scramSalt, boolean cramMd5) {
        return new TokenKeys(
                spelling(secret.dashed(), scramSalt, cramMd5), spelling(secret.plain(), scramSalt, cramMd5));
    }

    private static Spelling spelling(String typed, byte[] scramSalt, boolean cramMd5) {
        return new Spelling(
                ScramKeys.of(typed, scramSalt), cramMd5 ? Optional.of(CramMd5Keys.of(typed)) : Optional.empty());
    }

    /** The spelling that the proof comes from, if it comes from this secret. Both are tried, whatever the first says. */
    Optional<Spelling> answeredBy(Proof.Computed proof) {
        return Stream.of(dashed, plain)
                .filter(spelling -> spelling.answeredBy(proof))
                .reduce((first, second) -> first);
    }
}
