package org.postern.delivery.inbound;

import org.postern.model.Domain;

/** What is to become of a message from outside. */
public sealed interface Judgement {
    record Welcome() implements Judgement {}

    /** It is taken, and goes to the folder of junk. */
    record Junk() implements Judgement {}

    /** It bears a domain's name without a right to it, and that has such mail refused (RFC 7489 §6.3). */
    record Forged(Domain domain) implements Judgement {}

    /** @param said by the spam filter: printable ASCII, may be empty */
    record Spam(String said) implements Judgement {}

    /** Its server is to bring it again later. */
    record NotNow(String said) implements Judgement {}
}
