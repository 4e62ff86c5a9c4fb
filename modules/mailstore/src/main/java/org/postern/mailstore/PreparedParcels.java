package org.postern.mailstore;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.postern.model.MailboxId;

/**
 * Parcels whose large contents are already in the database, so that no lock is held while they are sent there, and whose small ones are
 * ready to go; with the digests of copies of what owners have sent.
 */
public final class PreparedParcels {
    private final DeliveryLoad load;
    private final List<Optional<byte[]>> digests;

    PreparedParcels(DeliveryLoad load, List<Optional<byte[]>> digests) {
        this.load = load;
        this.digests = List.copyOf(digests);
    }

    public List<Parcel> parcels() {
        return load.parcels();
    }

    DeliveryLoad load() {
        return load;
    }

    /** Whose folders they go into. */
    public Set<MailboxId> mailboxes() {
        return parcels().stream().map(Parcel::mailbox).collect(Collectors.toUnmodifiableSet());
    }

    /** Octets of the contents that are still to be written. */
    public long bytes() {
        return load.columns().inlineBytes();
    }

    /** By which its recipient's mail app may know it. */
    Optional<byte[]> digest(int index) {
        return digests.get(index);
    }

    /**
     * Whether one statement can store them with others': none is a copy of what its owner has sent, which is noted besides, and none
     * was large enough to be written before.
     */
    public boolean mayGoTogether() {
        return digests.stream().noneMatch(Optional::isPresent) && load.comesAlong();
    }
}
