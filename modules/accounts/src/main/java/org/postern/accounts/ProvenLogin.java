package org.postern.accounts;

import java.util.Optional;

/** A client that has shown a right secret, and that {@link Logins#admit} has not let in yet. */
public final class ProvenLogin implements ProofOutcome {
    private final LoginClaim claim;

    ProvenLogin(LoginClaim claim) {
        this.claim = claim;
    }

    /** How the server shows in its turn that it knows the secret: SCRAM's ServerSignature (RFC 5802 §3); else empty. */
    public Optional<byte[]> counterProof() {
        return claim.found().counterProof();
    }

    LoginClaim claim() {
        return claim;
    }
}
