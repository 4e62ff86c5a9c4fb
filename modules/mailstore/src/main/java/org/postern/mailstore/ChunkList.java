package org.postern.mailstore;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import org.postern.model.Keyword;

/** Puts the chunks of a new snapshot together, sharing with the old one whatever did not change. */
final class ChunkList {
    /** A chunk smaller than this is joined to its neighbour when that fits. */
    private static final int SMALL = Chunk.CAPACITY / 4;

    private final List<Chunk> chunks = new ArrayList<>();
    private final Chunk.Builder open = new Chunk.Builder();

    void add(long uid, int bits, List<Keyword> keywords, long modseq, long date, int size, long content) {
        room();
        open.add(uid, bits, keywords, modseq, date, size, content);
    }

    Chunk[] finish() {
        flush();
        return chunks.toArray(Chunk[]::new);
    }

    /**
     * The chunks of {@code old} without the messages that are gone and with {@code rows}, which are new messages or
     * replace those of the same UID; by ascending UID.
     */
    static Chunk[] edited(Chunk[] old, LongPredicate gone, List<MessageRow> rows, long firstGone, long lastGone) {
        var list = new ChunkList();
        int next = 0;
        for (var chunk : old) {
            int end = next;
            while (end < rows.size() && rows.get(end).uid() <= chunk.last()) {
                end++;
            }
            boolean loses = firstGone <= chunk.last() && lastGone >= chunk.first();
            if (end == next && !loses) {
                list.share(chunk);
            } else {
                list.merge(chunk, loses, gone, rows.subList(next, end));
            }
            next = end;
        }
        if (next < rows.size()) {
            list.reopen();
        }
        for (var row : rows.subList(next, rows.size())) {
            list.add(row);
        }
        return list.finish();
    }

    private void add(MessageRow row) {
        room();
        open.add(row);
    }

    private void merge(Chunk chunk, boolean loses, LongPredicate gone, List<MessageRow> rows) {
        int next = 0;
        for (int i = 0; i < chunk.size; i++) {
            long uid = chunk.uid(i);
            while (next < rows.size() && rows.get(next).uid() < uid) {
                add(rows.get(next++));
            }
            if (next < rows.size() && rows.get(next).uid() == uid) {
                add(rows.get(next++));
            } else if (!loses || !gone.test(uid)) {
                room();
                open.add(chunk, i);
            }
        }
        for (var row : rows.subList(next, rows.size())) {
            add(row);
        }
    }

    private void share(Chunk chunk) {
        boolean join = open.size() > 0 && open.size() < SMALL && open.size() + chunk.size <= Chunk.CAPACITY;
        boolean last = chunk.size < SMALL && open.size() > 0 && open.size() + chunk.size <= Chunk.CAPACITY;
        if (join || last) {
            for (int i = 0; i < chunk.size; i++) {
                open.add(chunk, i);
            }
            return;
        }
        flush();
        chunks.add(chunk);
    }

    private void room() {
        if (open.size() == Chunk.CAPACITY) {
            flush();
        }
    }

    /** Goes on in the last chunk where it has room: appends fill chunks instead of leaving single messages behind. */
    private void reopen() {
        if (open.size() > 0 || chunks.isEmpty() || chunks.getLast().size == Chunk.CAPACITY) {
            return;
        }
        var last = chunks.removeLast();
        for (int i = 0; i < last.size; i++) {
            open.add(last, i);
        }
    }

    private void flush() {
        if (open.size() > 0) {
            chunks.add(open.take());
        }
    }
}
