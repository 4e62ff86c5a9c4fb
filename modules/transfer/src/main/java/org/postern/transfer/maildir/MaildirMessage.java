package org.postern.transfer.maildir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.postern.transfer.CanonicalLines;
import org.postern.transfer.MessageFacts;
import org.postern.transfer.SourceMessage;

/** One file of a Maildir. */
record MaildirMessage(MessageFacts facts, Path file) implements SourceMessage {
    @Override
    public InputStream open() throws IOException {
        try {
            return new CanonicalLines(Files.newInputStream(file));
        } catch (NoSuchFileException e) {
            // Somebody has read it, or changed its flags, since it was listed: its name has the same beginning still.
            return new CanonicalLines(Files.newInputStream(renamed(e)));
        }
    }

    private Path renamed(NoSuchFileException gone) throws IOException {
        var folder = file.resolveSibling("..").normalize();
        var base = MaildirName.parse(file.getFileName().toString()).base();
        try (var names = Files.newDirectoryStream(
                folder.resolve("cur"),
                each -> MaildirName.parse(each.getFileName().toString()).base().equals(base))) {
            for (var name : names) {
                return name;
            }
        }
        throw gone;
    }
}
