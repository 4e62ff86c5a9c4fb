package org.postern.mailstore;

import java.util.List;

/** Parcels whose large contents are already in the database, so that no lock is held while they are sent there. */
public final class PreparedParcels {
    private final List<Parcel> parcels;
    private final long[] contents;

    PreparedParcels(List<Parcel> parcels, long[] contents) {
        this.parcels = List.copyOf(parcels);
        this.contents = contents.clone();
    }

    public List<Parcel> parcels() {
        return parcels;
    }

    /** The content of parcel {@code index}, or 0 when it is still to be written. */
    long content(int index) {
        return contents[index];
    }
}
