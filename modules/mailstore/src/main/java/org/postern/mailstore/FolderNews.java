package org.postern.mailstore;

import java.util.Comparator;
import java.util.List;
import org.postern.model.FolderId;
import org.postern.model.Modseq;
import org.postern.model.UidSet;

/** One committed change of a folder, with enough to bring a snapshot from the modseq before it to this one, or without. */
sealed interface FolderNews {
    FolderId folder();

    Modseq modseq();

    /** How many messages it keeps in memory while it waits to be applied. */
    int weight();

    /** The snapshot after this change. */
    FolderSnapshot applyTo(FolderSnapshot before);

    /** @param rows by ascending UID, without keywords that the folder did not know */
    record Added(FolderId folder, Modseq modseq, List<MessageRow> rows) implements FolderNews {
        @Override
        public int weight() {
            return rows.size();
        }

        @Override
        public FolderSnapshot applyTo(FolderSnapshot before) {
            var head = before.head().at(modseq).withUidNext(rows.getLast().uid() + 1);
            return before.edited(head, UidSet.empty(), rows);
        }
    }

    record Reflagged(FolderId folder, Modseq modseq, List<NewFlags> flags) implements FolderNews {
        @Override
        public int weight() {
            return flags.stream().mapToInt(some -> some.uids().rangeCount()).sum();
        }

        @Override
        public FolderSnapshot applyTo(FolderSnapshot before) {
            var rows = flags.stream()
                    .<MessageRow>mapMulti((some, to) -> some.uids().forEach(uid -> {
                        int index = before.indexOf(uid);
                        if (index < 0) {
                            throw new IllegalStateException("news of UID " + uid + " that the snapshot lacks");
                        }
                        to.accept(before.row(index).with(some.flags(), modseq.value()));
                    }))
                    .sorted(Comparator.comparingLong(MessageRow::uid))
                    .toList();
            return before.edited(before.head().at(modseq).knowing(flags), UidSet.empty(), rows);
        }
    }

    record Removed(FolderId folder, Modseq modseq, UidSet uids) implements FolderNews {
        @Override
        public int weight() {
            return uids.rangeCount();
        }

        @Override
        public FolderSnapshot applyTo(FolderSnapshot before) {
            return before.edited(before.head().at(modseq), uids, List.of());
        }
    }
}
