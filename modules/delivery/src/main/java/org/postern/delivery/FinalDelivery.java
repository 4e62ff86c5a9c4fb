package org.postern.delivery;

import java.time.Instant;
import java.util.Optional;
import org.postern.mailstore.NewMessage;
import org.postern.model.Address;
import org.postern.model.Flags;

/**
 * A message as its recipient's mailbox keeps it: Return-Path, which final delivery adds (RFC 5321 §4.4), and Delivered-To in
 * front of the bytes that were accepted.
 */
final class FinalDelivery {
    private FinalDelivery() {}

    static NewMessage of(Letter letter, Optional<Address> returnPath, Address recipient, Instant at) {
        var stored = letter.behind("Return-Path: <"
                + returnPath.map(Address::toString).orElse("") + ">\r\nDelivered-To: " + recipient + "\r\n");
        return new NewMessage(stored.parsed(), stored.bytes(), Flags.NONE, at);
    }
}
