package org.postern.smtp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.delivery.BodyType;
import org.postern.delivery.Recipient;
import org.postern.model.Address;

/** One mail transaction, from MAIL to the end of DATA (RFC 5321 §3.3). */
final class Transaction {
    private final Optional<Address> returnPath;
    private final BodyType bodyType;
    private final Map<Address, Recipient> recipients = new LinkedHashMap<>();

    /** @param returnPath empty for {@code MAIL FROM:<>} */
    Transaction(Optional<Address> returnPath, BodyType bodyType) {
        this.returnPath = returnPath;
        this.bodyType = bodyType;
    }

    Optional<Address> returnPath() {
        return returnPath;
    }

    BodyType bodyType() {
        return bodyType;
    }

    /** Named twice, a recipient still is one. */
    void add(Recipient recipient) {
        recipients.putIfAbsent(recipient.address(), recipient);
    }

    boolean names(Address address) {
        return recipients.containsKey(address);
    }

    int size() {
        return recipients.size();
    }

    List<Recipient> recipients() {
        return new ArrayList<>(recipients.values());
    }
}
