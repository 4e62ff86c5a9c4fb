package org.postern.mailstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Gatherers;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.database.Undone;
import org.postern.model.Flags;
import org.postern.model.FolderName;
import org.postern.model.Keyword;
import org.postern.model.MailboxId;
import org.postern.model.StorageLimit;
import org.postern.model.SystemFlag;
import org.postern.testkit.HeldFolder;
import org.postern.testkit.OnScratch;

@DisplayName("Parcels stored with one statement")
class ParcelsTogetherTest {
    private static final long SEED = 20261127;

    @RegisterExtension
    static final OnScratch<Store> STORE = Store.forClass();

    private final Store store;

    ParcelsTogetherTest(Store store) {
        this.store = store;
    }

    private static Parcel parcel(MailboxId mailbox, String folder, NewMessage message) {
        return new Parcel(mailbox, new FolderName(folder), message, StorageLimit.NONE);
    }

    private static DeliveryLoad load(List<Parcel> parcels) throws IOException {
        return DeliveryLoad.of(parcels, new long[parcels.size()]);
    }

    private List<AppendAnswer> unhindered(List<Parcel> parcels) throws IOException {
        var load = load(parcels);
        return store.database.once(tx -> tx.value(load.deliverUnhindered()));
    }

    private static NewMessage random(Random random, int number) {
        var flags = random.nextInt(3) == 0
                ? new Flags(
                        random.nextBoolean() ? SystemFlag.SEEN.bit() : SystemFlag.DELETED.bit(),
                        List.of(new Keyword(random.nextBoolean() ? "$Work" : "$work"), new Keyword("k" + number % 7)))
                : Flags.NONE;
        return Store.message(("Subject: " + number + "\r\n\r\nbody").getBytes(StandardCharsets.US_ASCII), flags);
    }

    @Test
    @DisplayName("are where and as they would be had they come one by one: UIDs, modseqs, flags, keywords, counts")
    void sameAsOneByOne() throws IOException {
        var random = new Random(SEED);
        var folders = List.of("INBOX", "Sent", "Drafts");
        var together = List.of(store.mailbox(), store.mailbox(), store.mailbox());
        var single = List.of(store.mailbox(), store.mailbox(), store.mailbox());
        for (int step = 0; step < 40; step++) {
            var parcels = new ArrayList<Parcel>();
            int count = 1 + random.nextInt(8);
            for (int i = 0; i < count; i++) {
                int mailbox = random.nextInt(together.size());
                var folder = folders.get(random.nextInt(folders.size()));
                var message = random(random, step * 10 + i);
                parcels.add(parcel(together.get(mailbox), folder, message));
                store.append(single.get(mailbox), folder, message);
            }
            var answers = unhindered(parcels);
            for (int i = 0; i < count; i++) {
                assertThat(answers.get(i).outcome()).isEqualTo(AppendAnswer.STORED);
                var target = parcels.get(i);
                assertThat(store.bytes(
                                store.folder(target.mailbox(), target.folder().value()),
                                answers.get(i).firstUid()))
                        .isEqualTo(target.message().bytes().open().readAllBytes());
            }
        }
        for (int i = 0; i < single.size(); i++) {
            for (var name : folders) {
                var of = store.folder(together.get(i), name);
                var expected = store.folder(single.get(i), name);
                assertThat(rows(Store.rows(store.fresh(of)))).isEqualTo(rows(Store.rows(store.fresh(expected))));
                assertThat(counters(store.status(of))).isEqualTo(counters(store.status(expected)));
            }
        }
        assertThat(store.violations()).isEmpty();
    }

    private static List<Long> counters(FolderStatus status) {
        return List.of(
                status.messages(),
                status.unseen(),
                status.deleted(),
                status.size(),
                status.uidNext(),
                status.highestModseq().value());
    }

    /** But for the content's number, which each has for itself. */
    private static List<MessageRow> rows(List<MessageRow> rows) {
        return rows.stream()
                .map(row ->
                        new MessageRow(row.uid(), row.bits(), row.keywords(), row.modseq(), row.date(), row.size(), 0))
                .toList();
    }

    @Test
    @DisplayName("are only those that nothing hinders: not in a held folder, none that is not there, none over a limit")
    void hindered() throws IOException {
        var free = store.mailbox();
        var held = store.mailbox();
        var full = store.mailbox();
        var message = Store.numbered(1);
        var limit = new StorageLimit(message.bytes().size() * 2 - 1);
        try (var holder = new HeldFolder(store.database, held)) {
            var answers = unhindered(List.of(
                    parcel(held, "INBOX", message),
                    parcel(free, "INBOX", message),
                    new Parcel(full, FolderName.INBOX, message, limit),
                    parcel(free, "No", message),
                    new Parcel(full, new FolderName("Sent"), message, limit),
                    parcel(new MailboxId(999_999), "INBOX", message),
                    parcel(free, "INBOX", message)));
            assertThat(answers)
                    .extracting(AppendAnswer::outcome)
                    .containsExactly(
                            AppendAnswer.BUSY,
                            AppendAnswer.STORED,
                            AppendAnswer.BUSY,
                            AppendAnswer.BUSY,
                            AppendAnswer.BUSY,
                            AppendAnswer.BUSY,
                            AppendAnswer.STORED);
            assertThat(answers.getLast().firstUid()).isEqualTo(2);
            holder.release();
        }
        assertThat(unhindered(List.of(new Parcel(full, FolderName.INBOX, message, limit))))
                .extracting(AppendAnswer::outcome)
                .containsExactly(AppendAnswer.STORED);
        assertThat(store.status(store.inbox(held)).messages()).isZero();
        assertThat(store.violations()).isEmpty();
    }

    private static NewMessage tagged(List<Keyword> keywords) {
        return Store.message("Subject: k\r\n\r\n".getBytes(StandardCharsets.US_ASCII), new Flags(0, keywords));
    }

    @Test
    @DisplayName("with more keywords than a folder may have are left out, those with fewer are not")
    void keywords() throws IOException {
        var mailbox = store.mailbox();
        var all = IntStream.range(0, FolderStore.MAX_FOLDER_KEYWORDS)
                .mapToObj(i -> new Keyword("w" + i))
                .gather(Gatherers.windowFixed(50))
                .map(words -> parcel(mailbox, "INBOX", tagged(words)))
                .toList();
        var more = tagged(List.of(new Keyword("onemore")));
        assertThat(unhindered(all)).extracting(AppendAnswer::outcome).containsOnly(AppendAnswer.STORED);
        assertThat(unhindered(List.of(parcel(mailbox, "INBOX", more), parcel(mailbox, "Sent", more))))
                .extracting(AppendAnswer::outcome)
                .containsExactly(AppendAnswer.BUSY, AppendAnswer.STORED);
        assertThat(store.violations()).isEmpty();
    }

    @Test
    @DisplayName(
            "are undone all where one is hindered and all are wanted; a content that was written before is no matter of theirs")
    void whole() throws IOException {
        var mailbox = store.mailbox();
        var message = Store.numbered(1);
        var load = load(List.of(parcel(mailbox, "INBOX", message), parcel(mailbox, "No", message)));
        assertThatExceptionOfType(Undone.class)
                .isThrownBy(() -> store.database.once(tx -> tx.value(load.deliverOrUndo())));
        assertThat(store.status(store.inbox(mailbox)).messages()).isZero();
        var written = DeliveryLoad.of(List.of(parcel(mailbox, "INBOX", message)), new long[] {7});
        assertThatIllegalArgumentException().isThrownBy(written::deliverOrUndo);
    }
}
