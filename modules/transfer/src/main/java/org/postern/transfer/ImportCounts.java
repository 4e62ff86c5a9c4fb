package org.postern.transfer;

/**
 * How far an import is.
 *
 * @param folders begun
 * @param imported messages that are new here
 * @param known messages that an earlier run had brought
 * @param reflagged of those, how many the source has changed the flags of since
 * @param leftOut messages that are not here; each has a {@link Trouble}
 * @param bytes of the new ones
 */
public record ImportCounts(long folders, long imported, long known, long reflagged, long leftOut, long bytes) {
    static final ImportCounts NONE = new ImportCounts(0, 0, 0, 0, 0, 0);

    /** All messages that were looked at. */
    public long messages() {
        return imported + known + leftOut;
    }

    /** What this run and an earlier one came to, whose messages this one knows. */
    ImportCounts after(ImportCounts earlier) {
        return new ImportCounts(
                folders,
                earlier.imported + imported,
                Math.max(0, known - earlier.imported),
                earlier.reflagged + reflagged,
                leftOut,
                earlier.bytes + bytes);
    }

    ImportCounts withFolder() {
        return new ImportCounts(folders + 1, imported, known, reflagged, leftOut, bytes);
    }

    ImportCounts withImported(long messages, long moreBytes) {
        return new ImportCounts(folders, imported + messages, known, reflagged, leftOut, bytes + moreBytes);
    }

    ImportCounts withKnown(long messages, long changed) {
        return new ImportCounts(folders, imported, known + messages, reflagged + changed, leftOut, bytes);
    }

    ImportCounts withLeftOut(long messages) {
        return new ImportCounts(folders, imported, known, reflagged, leftOut + messages, bytes);
    }
}
