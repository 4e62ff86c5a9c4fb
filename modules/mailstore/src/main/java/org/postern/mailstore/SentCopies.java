package org.postern.mailstore;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.postern.database.Database;
import org.postern.database.Tx;
import org.postern.model.FolderId;
import org.postern.model.Uid;
import org.postern.model.UidValidity;

/**
 * What the server itself has just filed in a folder: a mail app that then appends the same message is told of the one that is there,
 * and the folder of sent mail has it once.
 *
 * <p>The same is: the same Message-ID, and the same body but for line ends and empty lines at its end. The rest of the header may
 * differ, as it does by Bcc, trace fields and the spelling of dates. A message without Message-ID is like no other. As often as the app
 * asks within {@link #WINDOW}, the answer is the same: a retry after a lost reply adds nothing.
 */
public final class SentCopies {
    /** How long after it was filed an appended message is taken for the same. */
    public static final Duration WINDOW = Duration.ofMinutes(15);

    private static final int CHUNK = 64 << 10;

    private final Database database;

    public SentCopies(Database database) {
        this.database = database;
    }

    /** A message of the server's that is there. */
    public record Filed(FolderId folder, UidValidity uidValidity, Uid uid) {}

    /**
     * What the server has filed in that folder and is the same as this message; the newest, if there are several.
     *
     * @throws IOException when the message's bytes cannot be read
     */
    public Optional<Filed> find(FolderId folder, NewMessage message) throws IOException {
        if (!anyIn(folder)) {
            return Optional.empty();
        }
        var digest = digest(message);
        return digest.isEmpty() ? Optional.empty() : find(folder, digest.get());
    }

    /** Spares nearly every message the digest. */
    private boolean anyIn(FolderId folder) {
        return database.once(
                tx -> tx.one("""
                SELECT EXISTS (SELECT FROM sent_copy
                                WHERE mailbox_id = ? AND folder_id = ? AND filed_at > clock_timestamp() - ?::interval)""", row -> row.bool(1), folder.mailbox().value(), folder.id(), window()));
    }

    private Optional<Filed> find(FolderId folder, byte[] digest) {
        return database.once(tx -> tx.first(
                """
                SELECT f.uid_validity, m.uid
                  FROM sent_copy s
                  JOIN folder f USING (mailbox_id, folder_id)
                  JOIN message m USING (mailbox_id, folder_id, uid)
                 WHERE s.mailbox_id = ? AND s.folder_id = ? AND s.digest = ?
                   AND s.filed_at > clock_timestamp() - ?::interval AND f.deleted_at IS NULL
                 ORDER BY s.uid DESC LIMIT 1""",
                row -> new Filed(folder, row.uidValidity(1), new Uid(row.longValue(2))),
                folder.mailbox().value(),
                folder.id(),
                digest,
                window()));
    }

    /** In the transaction that files it. */
    static void note(Tx tx, FolderId folder, Uid uid, byte[] digest) throws SQLException {
        tx.update(
                "INSERT INTO sent_copy (mailbox_id, folder_id, uid, digest) VALUES (?, ?, ?, ?)",
                folder.mailbox().value(),
                folder.id(),
                uid.value(),
                digest);
    }

    static String window() {
        return WINDOW.toMillis() + " milliseconds";
    }

    /** SHA-256 over Message-ID and body; empty without Message-ID. */
    static Optional<byte[]> digest(NewMessage message) throws IOException {
        var id = message.parsed().envelope().messageId().map(String::strip).filter(text -> !text.isEmpty());
        if (id.isEmpty()) {
            return Optional.empty();
        }
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(id.get().getBytes(StandardCharsets.UTF_8));
            digest.update((byte) '\n');
            long header = message.parsed().headerSize();
            try (var body = new BufferedInputStream(
                    message.bytes().open(header, message.bytes().size() - header), CHUNK)) {
                digestLines(body, digest);
            }
            return Optional.of(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // Every JVM has it.
        }
    }

    /** Line ends as LF, those at the end left out. */
    private static void digestLines(InputStream in, MessageDigest digest) throws IOException {
        var chunk = new byte[CHUNK];
        var out = new byte[CHUNK];
        long ends = 0;
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
            int length = 0;
            for (int i = 0; i < read; i++) {
                if (chunk[i] == '\n') {
                    ends++;
                } else if (chunk[i] != '\r') {
                    if (ends > 0) {
                        digest.update(out, 0, length);
                        length = 0;
                        for (; ends > 0; ends--) {
                            digest.update((byte) '\n');
                        }
                    }
                    out[length++] = chunk[i];
                }
            }
            digest.update(out, 0, length);
        }
    }
}
