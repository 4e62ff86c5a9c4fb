package org.postern.transfer.mbox;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.postern.model.FolderName;
import org.postern.transfer.EmptyFolder;
import org.postern.transfer.ExportedFolder;
import org.postern.transfer.ExportedMessage;
import org.postern.transfer.FileLines;
import org.postern.transfer.MailSink;

/** Writes mboxrd files, one a folder: {@code INBOX}, {@code Work}, and what is below that in {@code Work.sbd/}. */
public final class MboxSink implements MailSink {
    private final Path root;
    private @Nullable OutputStream out;
    private @Nullable ExportedFolder folder;
    private boolean first;

    private MboxSink(Path root) {
        this.root = root;
    }

    /** @throws IOException when {@code path} cannot be made, or is not empty */
    public static MboxSink at(Path path) throws IOException {
        return new MboxSink(EmptyFolder.at(path));
    }

    @Override
    public void folder(ExportedFolder next) throws IOException {
        finish();
        var place = file(next.name());
        Files.createDirectories(place.resolveSibling(""));
        out = new BufferedOutputStream(Files.newOutputStream(place));
        folder = next;
        first = true;
    }

    private Path file(FolderName name) {
        var place = root;
        var levels = name.levels();
        for (int i = 0; i < levels.size(); i++) {
            var level = levels.get(i).startsWith(".") ? "_" + levels.get(i).substring(1) : levels.get(i);
            place = place.resolve(i < levels.size() - 1 ? level + ".sbd" : level);
        }
        return place;
    }

    @Override
    public void message(ExportedMessage message) throws IOException {
        var to = out;
        var of = folder;
        if (to == null || of == null) {
            throw new IllegalStateException("no folder is open");
        }
        to.write((FromLine.written(message.date()) + "\n").getBytes(StandardCharsets.US_ASCII));
        var validity = first ? OptionalLong.of(of.uidValidity().value()) : OptionalLong.empty();
        var quoted =
                new Quoted(to, Status.written(message.flags(), message.uid().value(), validity, of.uidNext()));
        var lines = new FileLines(quoted);
        message.bytes().writeTo(lines);
        lines.end();
        quoted.end();
        first = false;
    }

    private void finish() throws IOException {
        if (out != null) {
            out.close();
            out = null;
        }
    }

    @Override
    public void close() throws IOException {
        finish();
    }
}
