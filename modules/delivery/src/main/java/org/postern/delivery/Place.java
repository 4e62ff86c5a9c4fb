package org.postern.delivery;

import java.util.Locale;
import java.util.Optional;
import org.postern.model.SpecialUse;

/** Where in a mailbox a message goes. */
enum Place {
    INBOX(Optional.empty()),
    /** What is thought to be spam. */
    JUNK(Optional.of(SpecialUse.JUNK)),
    /** The copy of what its owner has submitted. */
    SENT(Optional.of(SpecialUse.SENT));

    private final Optional<SpecialUse> use;

    Place(Optional<SpecialUse> use) {
        this.use = use;
    }

    /** Of its folder. */
    Optional<SpecialUse> use() {
        return use;
    }

    /** As {@code queue_recipient.special_use} has it. */
    Optional<String> stored() {
        return use.map(special -> special.name().toLowerCase(Locale.ROOT));
    }

    static Place read(Optional<String> stored) {
        return stored.map(name -> valueOf(name.toUpperCase(Locale.ROOT))).orElse(INBOX);
    }
}
