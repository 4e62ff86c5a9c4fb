package org.postern.mailstore;

import org.postern.model.UidSet;

/**
 * What is different in a newer snapshot of a folder.
 *
 * @param expunged in the older only
 * @param added in the newer only
 * @param changed in both, with another modseq: flags or keywords changed, if only to and fro
 */
public record SnapshotDifference(UidSet expunged, UidSet added, UidSet changed) {
    public boolean isEmpty() {
        return expunged.isEmpty() && added.isEmpty() && changed.isEmpty();
    }
}
