package org.postern.mailstore;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.postern.database.Database;
import org.postern.database.DatabaseSettings;
import org.postern.mime.MessageParser;
import org.postern.mime.bytes.Spool;
import org.postern.mime.bytes.SpoolSettings;
import org.postern.model.Flags;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.StorageLimit;
import org.postern.model.SystemFlag;
import org.postern.model.Uid;

/** Run in a virtual machine of its own: messages of 30 MB go in and come out, three at a time. */
final class SmallHeap {
    static final int MESSAGE_BYTES = 30 << 20;
    private static final int THREADS = 3;

    private SmallHeap() {}

    /** Arguments: url, user, password, cell, mailbox, directory for spools. */
    public static void main(String[] args) throws Exception {
        var settings = DatabaseSettings.of(args[0], args[1], args[2], args[3]);
        try (var database = Database.attach(settings);
                var store = new Store(database);
                var threads = Executors.newFixedThreadPool(THREADS)) {
            var mailbox = new MailboxId(Long.parseLong(args[4]));
            Callable<Boolean> round = () -> goesInAndOut(store, mailbox, Path.of(args[5]));
            for (Future<Boolean> one : threads.invokeAll(List.of(round, round, round))) {
                if (!one.get()) {
                    throw new IllegalStateException("came back different");
                }
            }
        }
        System.out.println("same bytes, heap of " + (Runtime.getRuntime().maxMemory() >> 20) + " MiB");
        System.exit(0);
    }

    private static boolean goesInAndOut(Store store, MailboxId mailbox, Path directory) throws Exception {
        var sent = MessageDigest.getInstance("SHA-256");
        try (var spool = Spool.in(new SpoolSettings(directory, 64L << 20))) {
            try (var out = new DigestOutputStream(spool.out(), sent)) {
                out.write("Subject: large\r\nContent-Type: application/octet-stream\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
                var line = new byte[64 * 1024];
                Arrays.fill(line, (byte) 'x');
                for (long left = MESSAGE_BYTES; left > 0; left -= line.length) {
                    line[(int) (left % 1000)]++;
                    line[line.length - 1] = '\n';
                    out.write(line);
                }
            }
            spool.finish();
            var message = new NewMessage(MessageParser.parse(spool), spool, Flags.of(SystemFlag.SEEN), Store.DATE);
            var appended = (AppendOutcome.Appended)
                    store.folders.append(mailbox, FolderName.INBOX, List.of(message), StorageLimit.NONE);
            var came = MessageDigest.getInstance("SHA-256");
            var sink = new DigestOutputStream(OutputStream.nullOutputStream(), came);
            store.contents.stream(appended.folder(), new Uid(appended.uids().min()), 0, Long.MAX_VALUE, sink);
            return HexFormat.of().formatHex(sent.digest()).equals(HexFormat.of().formatHex(came.digest()));
        }
    }
}
