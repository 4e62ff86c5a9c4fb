package org.postern.mailstore;

import java.util.Arrays;
import org.postern.model.StorageLimit;
import org.postern.model.StorageLimit.Resource;

/** What the function {@code store_in_folder} says: numbers, of which the first is the outcome. */
final class AppendAnswer {
    static final int STORED = 0;
    static final int NO_FOLDER = 1;
    static final int OVER_QUOTA = 2;
    static final int TOO_MANY_KEYWORDS = 3;
    static final int UIDS_EXHAUSTED = 4;
    /** Of deliveries alone. */
    static final int BUSY = 5;
    /** Of {@code replace_message}: the folder of the old message was deleted. */
    static final int SOURCE_GONE = 6;
    /** Of {@code replace_message}: the old message is not there. */
    static final int NOTHING_TO_REPLACE = 7;

    static final int OVER_MESSAGES = 8;

    private final long[] numbers;

    AppendAnswer(long[] numbers) {
        this.numbers = numbers;
    }

    /** Of one message. */
    static AppendAnswer stored(long folder, long uidValidity, long uid, long modseq, long content) {
        return new AppendAnswer(new long[] {STORED, folder, uidValidity, uid, modseq, 0, content});
    }

    int outcome() {
        return (int) numbers[0];
    }

    long folder() {
        return numbers[1];
    }

    long uidValidity() {
        return numbers[2];
    }

    long firstUid() {
        return numbers[3];
    }

    long modseq() {
        return numbers[4];
    }

    /** Bytes, or messages, that the mailbox holds, when that is too much. */
    long used() {
        return numbers[5];
    }

    /** Of {@code replace_message}: the modseq of the old message's expunge, behind the one content. */
    long expungeModseq() {
        return numbers[7];
    }

    long content(int index) {
        return numbers[6 + index];
    }

    /** What an outcome other than the good ones means. */
    NotStored notStored(StorageLimit limit) {
        return switch (outcome()) {
            case NO_FOLDER -> new NoSuchFolder();
            case OVER_QUOTA -> OverQuota.of(Resource.BYTES, used(), limit);
            case OVER_MESSAGES -> OverQuota.of(Resource.MESSAGES, used(), limit);
            case TOO_MANY_KEYWORDS -> new TooManyKeywords(FolderStore.MAX_FOLDER_KEYWORDS);
            case UIDS_EXHAUSTED -> new UidsExhausted();
            default -> throw unknown();
        };
    }

    IllegalStateException unknown() {
        return new IllegalStateException("unknown answer to an append: " + Arrays.toString(numbers));
    }
}
