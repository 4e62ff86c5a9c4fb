package org.postern.accounts.sasl;

/** One way of logging in (RFC 4422 §3); keeps nothing of one client for another. */
interface Mechanism {
    /** As registered, in capitals. */
    String name();

    boolean isOfferedTo(SaslClient client);

    /** Whether the client may speak first: its initial response then answers the first step (RFC 4422 §4.3.a). */
    boolean takesInitialResponse();

    SaslStep begin(SaslClient client);
}
