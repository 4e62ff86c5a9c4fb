package org.postern.mailstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.model.Flags;
import org.postern.model.FolderId;
import org.postern.model.MailboxId;
import org.postern.model.Uid;
import org.postern.model.UidSet;
import org.postern.testkit.OnScratch;

class ContentsTest {
    @RegisterExtension
    static final OnScratch<Store> STORE = Store.forClass();

    private final Store store;
    private final MailboxId mailbox;
    private final FolderId inbox;

    ContentsTest(Store store) {
        this.store = store;
        this.mailbox = store.mailbox();
        this.inbox = store.inbox(mailbox);
    }

    private static byte[] random(int header, int body, long seed) {
        var random = new Random(seed);
        var text = new StringBuilder("Subject: " + seed + "\r\n");
        while (text.length() < header - 2) {
            text.append("X-Fill: ").append(random.nextLong()).append("\r\n");
        }
        text.append("\r\n");
        var head = text.toString().getBytes(StandardCharsets.US_ASCII);
        var bytes = Arrays.copyOf(head, head.length + body);
        var tail = new byte[body];
        random.nextBytes(tail);
        System.arraycopy(tail, 0, bytes, head.length, body);
        return bytes;
    }

    @Test
    @DisplayName("messages of every size come back byte for byte, in order, in batches")
    void readsAll() throws IOException {
        int[] bodies = {0, 1, 100, 4_000, 65_535, 65_536, 65_537, 262_144, 300_000, 1_500_000};
        var sent = new HashMap<Long, byte[]>();
        for (int round = 0; round < 3; round++) {
            for (int body : bodies) {
                var bytes = random(50 + 700 * round, body, round + body);
                var uid = store.append(mailbox, "INBOX", Store.message(bytes, Flags.NONE))
                        .uids()
                        .min();
                sent.put(uid, bytes);
            }
        }
        var seen = new ArrayList<Long>();
        store.contents.messages(inbox, UidSet.range(1, Uid.MAX), EnumSet.allOf(ContentPart.class), message -> {
            seen.add(message.uid().value());
            var expected = Objects.requireNonNull(sent.get(message.uid().value()));
            var out = new ByteArrayOutputStream();
            message.writeTo(out);
            assertThat(out.toByteArray()).isEqualTo(expected);
            assertThat(message.size()).isEqualTo(expected.length);
            var parsed = Store.message(expected, Flags.NONE).parsed();
            assertThat(message.envelope()).isEqualTo(parsed.envelope());
            assertThat(message.structure()).isEqualTo(parsed.structure());
            assertThat(message.header()).isEqualTo(Arrays.copyOf(expected, parsed.headerSize()));
            for (int[] range :
                    new int[][] {{0, 10}, {20, 100}, {60, 70_000}, {65_000, 1_000_000}, {expected.length, 5}}) {
                out.reset();
                message.writeTo(out, range[0], range[1]);
                int from = Math.min(range[0], expected.length);
                assertThat(out.toByteArray())
                        .isEqualTo(Arrays.copyOfRange(expected, from, Math.min(expected.length, from + range[1])));
            }
        });
        assertThat(seen).hasSize(30).isSorted();
        assertThat(store.violations()).isEmpty();
    }

    @Test
    @DisplayName("a partial read reads only its bytes, wherever it lies")
    void readsPartially() throws IOException {
        var bytes = random(2_000, 700_000, 7);
        store.append(mailbox, "INBOX", Store.message(bytes, Flags.NONE));
        var content = store.fresh(inbox).content(0);
        for (long[] range : new long[][] {
            {0, 0},
            {0, 1},
            {1_990, 20},
            {1_999, 300_000},
            {262_000, 300_000},
            {699_999, 9_999_999},
            {702_500, 1},
            {4_294_967_295L, 10},
            {0, Long.MAX_VALUE},
            {5, Long.MAX_VALUE}
        }) {
            var out = new ByteArrayOutputStream();
            assertThat(store.contents.stream(mailbox, content, range[0], range[1], out))
                    .isTrue();
            int from = (int) Math.min(range[0], bytes.length);
            int to = (int) Math.min(bytes.length, from + Math.min(range[1], bytes.length));
            assertThat(out.toByteArray()).isEqualTo(Arrays.copyOfRange(bytes, from, to));
        }
        try (var in = store.contents.bytes(mailbox, content, bytes.length).open(1_000, 600_000)) {
            assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, 1_000, 601_000));
        }
    }

    @Test
    @DisplayName("a header over its bound is kept whole, its first part ready")
    void keepsHugeHeaders() throws IOException {
        var bytes = random(400_000, 1_000, 9);
        store.append(mailbox, "INBOX", Store.message(bytes, Flags.NONE));
        assertThat(store.bytes(inbox, 1)).isEqualTo(bytes);
        store.contents.messages(
                inbox,
                UidSet.of(1),
                EnumSet.of(ContentPart.HEADER),
                message -> assertThat(message.header()).isEqualTo(Arrays.copyOf(bytes, Contents.MAX_HEADER_BYTES)));
    }

    @Test
    @DisplayName("a message expunged while it is read is read to its end; the sweep comes after the grace")
    void streamsExpunged() throws IOException {
        var bytes = random(100, 900_000, 3);
        store.append(mailbox, "INBOX", Store.message(bytes, Flags.NONE));
        var sweeps = new StoreSweeps(store.database, SweepSettings.DEFAULT);
        var content = store.fresh(inbox).content(0);
        var out = new ByteArrayOutputStream() {
            @Override
            public synchronized void write(byte[] some, int offset, int length) {
                if (count == 0) {
                    assertThat(store.folders.remove(inbox, UidSet.of(1))).isInstanceOf(ExpungeOutcome.Expunged.class);
                    sweeps.sweep();
                }
                super.write(some, offset, length);
            }
        };
        assertThat(store.contents.stream(inbox, new Uid(1), 0, Long.MAX_VALUE, out))
                .isTrue();
        assertThat(out.toByteArray()).isEqualTo(bytes);
        assertThat(store.contents.stream(inbox, new Uid(1), 0, 10, out)).isFalse();
        assertThat(store.contents.stream(mailbox, content, 0, 10, out)).isTrue();

        var settings = new SweepSettings(
                Duration.ofHours(1), Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, 10);
        assertThat(new StoreSweeps(store.database, settings).sweep().contents()).isOne();
        assertThat(store.contents.stream(mailbox, content, 0, 10, out)).isFalse();
    }

    @Test
    void readsPartsOfMany() throws IOException {
        store.filled(mailbox, "INBOX", 1_203);
        store.folders.remove(inbox, UidSet.of(500, 501, 700));
        var uids = new UidSet.Builder();
        store.contents.messages(inbox, UidSet.range(1, 2_000), EnumSet.of(ContentPart.ENVELOPE), message -> {
            assertThat(message.envelope().subject()).isNotNull();
            uids.add(message.uid().value());
        });
        assertThat(uids.build()).isEqualTo(store.fresh(inbox).uids());
        var odd = new UidSet.Builder();
        for (int i = 1; i < 1_203; i += 2) {
            odd.add(i);
        }
        var previews = new UidSet.Builder();
        store.contents.messages(inbox, odd.build(), EnumSet.of(ContentPart.PREVIEW), message -> {
            assertThat(message.preview()).contains("body of " + message.uid());
            previews.add(message.uid().value());
        });
        assertThat(previews.build())
                .isEqualTo(odd.build().intersection(store.fresh(inbox).uids()));
    }

    @Test
    @DisplayName("what was read lately comes again without the database, among what has to be read, in order")
    void keepsPartsOfMany() throws IOException {
        store.filled(mailbox, "INBOX", 1_203);
        var told = store.fresh(inbox);
        var middle = UidSet.range(400, 800);
        assertThat(read(told, middle, ContentPart.ENVELOPE)).isEqualTo(middle);
        assertThat(read(told, told.uids(), ContentPart.ENVELOPE)).isEqualTo(told.uids());

        store.folders.remove(inbox, UidSet.range(1, 1_000));
        assertThat(read(told, told.uids(), ContentPart.ENVELOPE))
                .as("at hand, though expunged since")
                .isEqualTo(told.uids());
        assertThat(read(told, told.uids(), ContentPart.ENVELOPE, ContentPart.STRUCTURE))
                .as("not at hand: only those that are still there")
                .isEqualTo(UidSet.range(1_001, 1_203));
        assertThat(read(told, told.uids(), ContentPart.BYTES)).isEqualTo(UidSet.range(1_001, 1_203));
    }

    private UidSet read(FolderSnapshot told, UidSet uids, ContentPart... parts) throws IOException {
        var read = new ArrayList<Long>();
        store.contents.messages(told, uids, EnumSet.copyOf(List.of(parts)), message -> {
            if (parts[0] == ContentPart.ENVELOPE) {
                assertThat(message.envelope().subject()).isNotNull();
            }
            read.add(message.uid().value());
        });
        assertThat(read).isSorted().doesNotHaveDuplicates();
        return UidSet.of(read.stream().mapToLong(Long::longValue).toArray());
    }

    @Test
    void answersWhatIsNotThere() throws IOException {
        assertThat(store.contents.stream(inbox, new Uid(1), 0, 10, new ByteArrayOutputStream()))
                .isFalse();
        store.contents.messages(inbox, UidSet.range(1, 10), EnumSet.of(ContentPart.HEADER), message -> {
            throw new AssertionError(message.uid());
        });
    }
}
