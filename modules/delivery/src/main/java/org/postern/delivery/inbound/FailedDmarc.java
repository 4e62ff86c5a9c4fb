package org.postern.delivery.inbound;

/** What becomes of mail that fails DMARC although its domain asks for rejection. */
public enum FailedDmarc {
    /** It is refused. */
    REFUSE,
    /** It is delivered, and Authentication-Results says so. */
    MARK
}
