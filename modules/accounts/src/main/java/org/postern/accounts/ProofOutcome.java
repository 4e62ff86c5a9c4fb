package org.postern.accounts;

/** What became of a client's proof: {@link ProvenLogin}, or a refusal. */
public sealed interface ProofOutcome permits ProvenLogin, LoginOutcome.Refused {}
