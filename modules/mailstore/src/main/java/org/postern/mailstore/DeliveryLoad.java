package org.postern.mailstore;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.IntStream;
import org.postern.database.Call;
import org.postern.database.Tx;
import org.postern.model.StorageLimit.Resource;

/**
 * Parcels as a statement takes them.
 *
 * @param numberOf the message of each parcel, from 1
 * @param contents of each parcel, 0 where it comes along
 * @param columns of the messages
 */
@SuppressWarnings("ArrayRecordComponent") // Carried to one statement, never compared.
record DeliveryLoad(List<Parcel> parcels, int[] numberOf, long[] contents, MessageColumns columns) {
    /**
     * Recipients most often share one message: its bytes go to the database once.
     *
     * @throws IOException when the messages' bytes cannot be read
     */
    static DeliveryLoad of(List<Parcel> parcels, long[] contents) throws IOException {
        var messages = new ArrayList<NewMessage>();
        var numbers = new IdentityHashMap<NewMessage, Integer>();
        var numberOf = new int[parcels.size()];
        for (int i = 0; i < numberOf.length; i++) {
            numberOf[i] = numbers.computeIfAbsent(parcels.get(i).message(), added -> {
                messages.add(added);
                return messages.size();
            });
        }
        return new DeliveryLoad(parcels, numberOf, contents, MessageColumns.of(messages));
    }

    /** Several as one, in their order. */
    static DeliveryLoad joined(List<DeliveryLoad> parts) {
        var numberOf = IntStream.builder();
        int before = 0;
        for (var part : parts) {
            for (int number : part.numberOf) {
                numberOf.add(before + number);
            }
            before += part.columns.sizes.length;
        }
        return new DeliveryLoad(
                parts.stream().flatMap(part -> part.parcels.stream()).toList(),
                numberOf.build().toArray(),
                parts.stream()
                        .flatMapToLong(part -> Arrays.stream(part.contents))
                        .toArray(),
                MessageColumns.joined(parts.stream().map(part -> part.columns).toList()));
    }

    /** @return what becomes of each parcel, in their order */
    List<AppendAnswer> deliver(Tx tx) throws SQLException {
        return tx.list(
                "SELECT answer FROM deliver_to_folders(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ORDER BY parcel",
                row -> new AppendAnswer(row.longs(1)),
                parameters());
    }

    /** The same of all of them with one statement, or nothing: of those whose contents come along. */
    Call<List<AppendAnswer>> deliverOrUndo() {
        return new ParcelsTogether(this).store(true);
    }

    /** The same of those that nothing hinders; the others, whatever is in their way, are {@link AppendAnswer#BUSY}. */
    Call<List<AppendAnswer>> deliverUnhindered() {
        return new ParcelsTogether(this).store(false);
    }

    /** Whether no content was written before. */
    boolean comesAlong() {
        return MessageColumns.comeAlong(contents);
    }

    private Object[] parameters() {
        var all = new ArrayList<Object>(List.of(
                parcels.stream().mapToLong(parcel -> parcel.mailbox().value()).toArray(),
                parcels.stream().map(parcel -> parcel.folder().value()).toArray(String[]::new),
                maxima(Resource.BYTES),
                maxima(Resource.MESSAGES),
                numberOf,
                contents,
                FolderStore.MAX_FOLDER_KEYWORDS));
        all.addAll(columns.inOrder());
        return all.toArray();
    }

    private long[] maxima(Resource resource) {
        return parcels.stream()
                .mapToLong(parcel -> parcel.limit().max(resource))
                .toArray();
    }

    MessageRow row(int parcel, AppendAnswer answer) {
        return columns.row(numberOf[parcel] - 1, answer.firstUid(), answer.modseq(), answer.content(0));
    }
}
