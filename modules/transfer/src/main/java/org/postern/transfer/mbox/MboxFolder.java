package org.postern.transfer.mbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.postern.mailstore.ImportKey;
import org.postern.model.FolderName;
import org.postern.model.UidValidity;
import org.postern.transfer.FolderFacts;
import org.postern.transfer.MessageFacts;
import org.postern.transfer.SourceFolder;
import org.postern.transfer.Uidls;

/**
 * One mbox file. A message has no name there: it is told from others by what it says, and from those that say the same by which
 * of them it is, so the file may be cut at its beginning between two runs.
 */
final class MboxFolder implements SourceFolder<MboxMessage> {
    private static final int BATCH = 500;
    private static final int BUFFER = 64 * 1024;

    private final Path path;
    private final Quoting quoting;
    private final Uidls uidls;
    private final FolderFacts facts;

    MboxFolder(Path path, FolderName name, Quoting quoting, Uidls uidls) throws IOException {
        this.path = path;
        this.quoting = quoting;
        this.uidls = uidls;
        this.facts = new FolderFacts(name, Optional.empty(), true, uidValidity(), OptionalLong.empty());
    }

    private Optional<UidValidity> uidValidity() throws IOException {
        try (var file = FileChannel.open(path)) {
            var first = new MboxScanner(path, file, quoting).next();
            var value = first.map(found -> found.status().uidValidity()).orElse(OptionalLong.empty());
            return value.isPresent() && value.getAsLong() <= 0xFFFF_FFFFL
                    ? Optional.of(new UidValidity(value.getAsLong()))
                    : Optional.empty();
        }
    }

    @Override
    public FolderFacts facts() {
        return facts;
    }

    @Override
    public void list(Taker<MboxMessage> taker) throws IOException {
        Map<String, Integer> copies = new HashMap<>();
        var batch = new ArrayList<MboxMessage>();
        int number = 0;
        try (var file = FileChannel.open(path)) {
            var scanner = new MboxScanner(path, file, quoting);
            for (var found = scanner.next(); found.isPresent(); found = scanner.next()) {
                var each = found.get();
                if (each.status().isFolderData() || each.status().isExpunged()) {
                    continue;
                }
                batch.add(message(each, ++number, copies));
                if (batch.size() == BATCH) {
                    if (!taker.take(List.copyOf(batch))) {
                        return;
                    }
                    batch.clear();
                }
            }
        }
        if (!batch.isEmpty()) {
            taker.take(batch);
        }
    }

    private MboxMessage message(MboxScanner.Found found, int number, Map<String, Integer> copies) throws IOException {
        var digest = digest(found.extent());
        int copy = copies.merge(digest, 1, Integer::sum);
        var uid = found.status().uid();
        var uidl = facts.name().isInbox() && uid.isPresent()
                ? uidls.of(facts.uidValidity().map(UidValidity::value).orElse(0L), uid.getAsLong(), "")
                : Optional.<String>empty();
        return new MboxMessage(
                new MessageFacts(
                        "message " + number,
                        ImportKey.of("mbox", facts.name().value(), digest, Integer.toString(copy)),
                        found.status().flags(),
                        found.date(),
                        found.extent().end() - found.extent().header(),
                        uid,
                        uidl),
                path,
                found.extent(),
                quoting);
    }

    private String digest(MboxMessage.Extent extent) throws IOException {
        try (var in = MboxMessage.open(path, extent, quoting)) {
            var digest = MessageDigest.getInstance("SHA-256");
            var buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // Every JDK has it.
        }
    }
}
