package org.postern.mailstore;

import java.util.List;
import java.util.Optional;

/**
 * Parcels whose large contents are already in the database, so that no lock is held while they are sent there; with the digests of
 * copies of what owners have sent.
 */
public final class PreparedParcels {
    private final List<Parcel> parcels;
    private final long[] contents;
    private final List<Optional<byte[]>> digests;

    PreparedParcels(List<Parcel> parcels, long[] contents, List<Optional<byte[]>> digests) {
        this.parcels = List.copyOf(parcels);
        this.contents = contents.clone();
        this.digests = List.copyOf(digests);
    }

    public List<Parcel> parcels() {
        return parcels;
    }

    /** By which its recipient's mail app may know it. */
    Optional<byte[]> digest(int index) {
        return digests.get(index);
    }

    /** Whether any is a copy of what its owner has sent. */
    public boolean haveOwnCopies() {
        return digests.stream().anyMatch(Optional::isPresent);
    }

    /** The content of parcel {@code index}, or 0 when it is still to be written. */
    long content(int index) {
        return contents[index];
    }
}
