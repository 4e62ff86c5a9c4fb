package org.postern.delivery.inbound;

/** What becomes of mail that fails DMARC. */
public enum FailedDmarc {
    /** What its domain asks for: it is refused, or goes to the folder of junk. */
    REFUSE,
    /** It is delivered, and Authentication-Results says so. */
    MARK
}
