package org.postern.transfer.imap;

import jakarta.mail.Folder;
import jakarta.mail.MessagingException;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.eclipse.angus.mail.imap.protocol.BODY;
import org.eclipse.angus.mail.imap.protocol.FLAGS;
import org.eclipse.angus.mail.imap.protocol.FetchResponse;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;
import org.eclipse.angus.mail.imap.protocol.INTERNALDATE;
import org.eclipse.angus.mail.imap.protocol.RFC822SIZE;
import org.eclipse.angus.mail.imap.protocol.UID;
import org.postern.mailstore.ImportKey;
import org.postern.model.Flags;
import org.postern.model.SystemFlag;
import org.postern.model.UidValidity;
import org.postern.transfer.FolderFacts;
import org.postern.transfer.MessageFacts;
import org.postern.transfer.SourceFlags;
import org.postern.transfer.SourceFolder;
import org.postern.transfer.SourceGone;
import org.postern.transfer.Uidls;

/** One folder of another server: what is in it is asked for in batches, small messages together, large ones in slices. */
final class ImapFolder implements SourceFolder<ImapMessage> {
    private static final int BATCH = 500;
    /** A message up to this size comes with others, and whole; a larger one in slices of it. */
    private static final int SLICE_BYTES = 256 * 1024;

    private final IMAPFolder folder;
    private final String account;
    private final FolderFacts facts;
    private final Uidls uidls;
    private final Map<Long, byte[]> prepared = new HashMap<>();

    /** @param account tells this user of this server from all others */
    ImapFolder(IMAPFolder folder, String account, FolderFacts facts, Uidls uidls) {
        this.folder = folder;
        this.account = account;
        this.facts = facts;
        this.uidls = uidls;
    }

    @Override
    public FolderFacts facts() {
        return facts;
    }

    @Override
    public void list(Taker<ImapMessage> taker) throws IOException {
        try {
            folder.open(Folder.READ_ONLY); // EXAMINE
            try {
                listOpened(taker);
            } finally {
                folder.close(false);
            }
        } catch (MessagingException e) {
            throw new SourceGone(facts.name() + ": " + e.getMessage(), e);
        }
    }

    private void listOpened(Taker<ImapMessage> taker) throws IOException, MessagingException {
        long validity = folder.getUIDValidity();
        var uids = uids();
        for (int from = 0; from < uids.length; from += BATCH) {
            int last = Math.min(uids.length, from + BATCH) - 1;
            // No other message can be between two of these: UIDs ascend.
            var answers =
                    command("UID FETCH " + uids[from] + ":" + uids[last] + " (UID FLAGS INTERNALDATE RFC822.SIZE)");
            var batch = new ArrayList<ImapMessage>();
            for (var answer : answers) {
                message(answer, validity).ifPresent(batch::add);
            }
            batch.sort(Comparator.comparingLong(ImapMessage::uid));
            if (!batch.isEmpty() && !taker.take(batch)) {
                return;
            }
        }
    }

    private long[] uids() throws IOException {
        var uids = new ArrayList<Long>();
        for (var answer : command("UID SEARCH ALL")) {
            if (answer instanceof IMAPResponse found && found.keyEquals("SEARCH")) {
                for (long uid = found.readLong(); uid > 0; uid = found.readLong()) {
                    uids.add(uid);
                }
            }
        }
        return uids.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    private Optional<ImapMessage> message(Response answer, long validity) {
        if (!(answer instanceof FetchResponse fetched)) {
            return Optional.empty();
        }
        var uid = fetched.getItem(UID.class);
        var flags = fetched.getItem(FLAGS.class);
        var date = fetched.getItem(INTERNALDATE.class);
        var size = fetched.getItem(RFC822SIZE.class);
        if (uid == null || flags == null || date == null || size == null) {
            return Optional.empty(); // Flags that somebody has changed meanwhile.
        }
        var number = uid.uid;
        return Optional.of(new ImapMessage(
                new MessageFacts(
                        "UID " + number,
                        ImportKey.of(
                                "imap", account, folder.getFullName(), Long.toString(validity), Long.toString(number)),
                        flags(flags),
                        date.getDate() == null ? Instant.EPOCH : date.getDate().toInstant(),
                        size.size,
                        OptionalLong.of(number),
                        facts.name().isInbox() ? uidls.of(validity, number, "") : Optional.empty()),
                this,
                number));
    }

    private static Flags flags(FLAGS flags) {
        int bits = bit(flags, jakarta.mail.Flags.Flag.SEEN, SystemFlag.SEEN)
                | bit(flags, jakarta.mail.Flags.Flag.ANSWERED, SystemFlag.ANSWERED)
                | bit(flags, jakarta.mail.Flags.Flag.FLAGGED, SystemFlag.FLAGGED)
                | bit(flags, jakarta.mail.Flags.Flag.DELETED, SystemFlag.DELETED)
                | bit(flags, jakarta.mail.Flags.Flag.DRAFT, SystemFlag.DRAFT);
        return SourceFlags.of(bits, Arrays.asList(flags.getUserFlags()));
    }

    private static int bit(FLAGS flags, jakarta.mail.Flags.Flag theirs, SystemFlag ours) {
        return flags.contains(theirs) ? ours.bit() : 0;
    }

    /** One round trip for all small ones; what a server cannot give has no answer, and is found missing when it is opened. */
    @Override
    public void prepare(List<ImapMessage> next) throws IOException {
        prepared.clear();
        var small = next.stream()
                .filter(message -> message.facts().size() <= SLICE_BYTES)
                .map(message -> Long.toString(message.uid()))
                .collect(Collectors.joining(","));
        if (small.isEmpty()) {
            return;
        }
        for (var answer : command("UID FETCH " + small + " (UID BODY.PEEK[])")) {
            if (answer instanceof FetchResponse fetched) {
                var uid = fetched.getItem(UID.class);
                var body = fetched.getItem(BODY.class);
                if (uid != null && body != null && body.getByteArray() != null) {
                    prepared.put(uid.uid, body.getByteArray().getNewBytes());
                }
            }
        }
    }

    InputStream open(ImapMessage message) throws IOException {
        var whole = prepared.remove(message.uid());
        if (whole != null) {
            return new ByteArrayInputStream(whole);
        }
        if (message.facts().size() <= SLICE_BYTES) {
            throw new FileNotFoundException("the server does not give it");
        }
        return new Slices(message.uid());
    }

    /** A large message, slice by slice; the one that is shorter than asked for is the last. */
    private final class Slices extends InputStream {
        private final long uid;
        private byte[] slice = {};
        private int next;
        private long asked;
        private boolean ended;

        Slices(long uid) {
            this.uid = uid;
        }

        @Override
        public int read() throws IOException {
            return fill() ? slice[next++] & 0xFF : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (!fill()) {
                return -1;
            }
            int count = Math.min(length, slice.length - next);
            System.arraycopy(slice, next, into, offset, count);
            next += count;
            return count;
        }

        private boolean fill() throws IOException {
            if (next < slice.length) {
                return true;
            }
            if (ended) {
                return false;
            }
            slice = fetch();
            next = 0;
            asked += SLICE_BYTES;
            ended = slice.length < SLICE_BYTES;
            return slice.length > 0;
        }

        private byte[] fetch() throws IOException {
            for (var answer : command("UID FETCH " + uid + " (UID BODY.PEEK[]<" + asked + "." + SLICE_BYTES + ">)")) {
                if (answer instanceof FetchResponse fetched) {
                    var body = fetched.getItem(BODY.class);
                    if (body != null) {
                        return body.getByteArray() == null
                                ? new byte[0]
                                : body.getByteArray().getNewBytes();
                    }
                }
            }
            throw new FileNotFoundException("the server does not give it");
        }
    }

    /** All answers, the last of which may be NO: some servers give what they can and say so. */
    private Response[] command(String text) throws IOException {
        try {
            var answers = (Response[]) folder.doCommand(protocol -> {
                var all = protocol.command(text, null);
                if (all[all.length - 1].isBYE()) {
                    throw new ProtocolException(all[all.length - 1]);
                }
                return all;
            });
            if (answers[answers.length - 1].isBAD()) {
                throw new SourceGone("the server does not understand: " + answers[answers.length - 1].getRest());
            }
            return answers;
        } catch (MessagingException e) {
            throw new SourceGone("the connection has ended: " + e.getMessage(), e);
        }
    }

    /** What STATUS says of a folder (RFC 9051 §6.3.11). */
    record Status(Optional<UidValidity> uidValidity, OptionalLong messages) {
        static Status of(IMAPFolder folder) throws MessagingException {
            var status = (org.eclipse.angus.mail.imap.protocol.Status) folder.doCommand(
                    protocol -> protocol.status(folder.getFullName(), new String[] {"MESSAGES", "UIDVALIDITY"}));
            return new Status(
                    status.uidvalidity > 0 ? Optional.of(new UidValidity(status.uidvalidity)) : Optional.empty(),
                    status.total < 0 ? OptionalLong.empty() : OptionalLong.of(status.total));
        }
    }
}
