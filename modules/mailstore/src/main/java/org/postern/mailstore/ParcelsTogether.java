package org.postern.mailstore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.postern.database.Call;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.StorageLimit;
import org.postern.model.StorageLimit.Resource;
import org.postern.model.SystemFlag;

/** Parcels as {@code store_together} takes them: by folder, with the sums of what comes into each. */
final class ParcelsTogether {
    private static final int NUMBERS_OF_ONE = 6;

    private final DeliveryLoad load;
    /** By mailbox, which is the order of all locks. */
    private final TreeMap<Target, Arriving> folders = new TreeMap<>();

    private final int[] place;

    private record Target(MailboxId mailbox, FolderName folder) implements Comparable<Target> {
        private static final Comparator<Target> ORDER = Comparator.<Target>comparingLong(
                        target -> target.mailbox.value())
                .thenComparing(target -> target.folder.value());

        @Override
        public int compareTo(Target other) {
            return ORDER.compare(this, other);
        }
    }

    /** What comes into a folder. */
    private static final class Arriving {
        private final StringBuilder words = new StringBuilder();
        private long maxBytes = Long.MAX_VALUE;
        private long maxMessages = Long.MAX_VALUE;
        private int messages;
        private long bytes;
        private int unseen;
        private int deleted;

        void add(StorageLimit limit, long size, int flags, String keywords) {
            maxBytes = Math.min(maxBytes, limit.max(Resource.BYTES));
            maxMessages = Math.min(maxMessages, limit.max(Resource.MESSAGES));
            messages++;
            bytes += size;
            unseen += (flags & SystemFlag.SEEN.bit()) == 0 ? 1 : 0;
            deleted += (flags & SystemFlag.DELETED.bit()) == 0 ? 0 : 1;
            if (!keywords.isEmpty()) {
                words.append(words.isEmpty() ? "" : " ").append(keywords);
            }
        }
    }

    ParcelsTogether(DeliveryLoad load) {
        if (!load.comesAlong()) {
            throw new IllegalArgumentException("what was written before is noted with a statement of its own");
        }
        this.load = load;
        this.place = new int[load.parcels().size()];
        var columns = load.columns();
        for (int i = 0; i < place.length; i++) {
            var parcel = load.parcels().get(i);
            var arriving = folders.computeIfAbsent(target(parcel), added -> new Arriving());
            place[i] = arriving.messages;
            int message = load.numberOf()[i] - 1;
            arriving.add(parcel.limit(), columns.sizes[message], columns.flags[message], columns.keywords[message]);
        }
    }

    private static Target target(Parcel parcel) {
        return new Target(parcel.mailbox(), parcel.folder());
    }

    /** @param whole whether all are undone where one cannot be stored */
    Call<List<AppendAnswer>> store(boolean whole) {
        return new Call<>("store_together", (row, column) -> answers(row.longs(column)), parameters(whole));
    }

    private Object[] parameters(boolean whole) {
        var all = new ArrayList<Object>(List.of(
                whole,
                FolderStore.MAX_FOLDER_KEYWORDS,
                folders.keySet().stream()
                        .mapToLong(target -> target.mailbox.value())
                        .toArray(),
                folders.keySet().stream().map(target -> target.folder.value()).toArray(String[]::new),
                longs(arriving -> arriving.maxBytes),
                longs(arriving -> arriving.maxMessages),
                ints(arriving -> arriving.messages),
                longs(arriving -> arriving.bytes),
                ints(arriving -> arriving.unseen),
                ints(arriving -> arriving.deleted),
                folders.values().stream()
                        .map(arriving -> arriving.words.toString())
                        .toArray(String[]::new),
                folderOfEach(),
                place,
                load.numberOf()));
        all.addAll(load.columns().inOrder());
        return all.toArray();
    }

    private long[] longs(ToLongFunction<Arriving> of) {
        return folders.values().stream().mapToLong(of).toArray();
    }

    private int[] ints(ToIntFunction<Arriving> of) {
        return folders.values().stream().mapToInt(of).toArray();
    }

    /** The number of each parcel's folder, from 1. */
    private int[] folderOfEach() {
        var targets = List.copyOf(folders.keySet());
        return load.parcels().stream()
                .mapToInt(parcel -> targets.indexOf(target(parcel)) + 1)
                .toArray();
    }

    /** In the order of the parcels. */
    private List<AppendAnswer> answers(long[] numbers) {
        var answers = new AppendAnswer[place.length];
        Arrays.fill(answers, new AppendAnswer(new long[] {AppendAnswer.BUSY}));
        int stored = numbers.length / NUMBERS_OF_ONE;
        for (int i = 0; i < stored; i++) {
            int parcel = (int) numbers[i] - 1;
            answers[parcel] = AppendAnswer.stored(
                    numbers[stored + i],
                    numbers[2 * stored + i],
                    numbers[3 * stored + i],
                    numbers[4 * stored + i],
                    numbers[5 * stored + i]);
        }
        return List.of(answers);
    }
}
