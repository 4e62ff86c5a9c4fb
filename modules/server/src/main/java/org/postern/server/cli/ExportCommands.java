package org.postern.server.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.postern.model.Address;
import org.postern.transfer.MailSink;
import org.postern.transfer.maildir.MaildirSink;
import org.postern.transfer.mbox.MboxSink;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code postern export …}: writes all that a mailbox holds to files. */
@Command(
        name = "export",
        description = "Writes all mail of a mailbox to files, in a folder that is empty or not there yet.")
final class ExportCommands extends CommandGroup {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it before any method is called.
    private PosternCommand root;

    /** Makes a sink. */
    @FunctionalInterface
    private interface Opened {
        MailSink at(Path path) throws IOException;
    }

    @Command(
            description =
                    "Writes a Maildir with its folders (Maildir++), flags, keywords, UIDs and UIDLs as Dovecot has them.")
    int maildir(@Parameters(paramLabel = "ADDRESS") Address address, @Parameters(paramLabel = "PATH") Path path) {
        return run(address, path, MaildirSink::at);
    }

    @Command(description = "Writes mbox files (mboxrd), one a folder; those below Work are in Work.sbd.")
    int mbox(@Parameters(paramLabel = "ADDRESS") Address address, @Parameters(paramLabel = "PATH") Path path) {
        return run(address, path, MboxSink::at);
    }

    private int run(Address address, Path path, Opened opened) {
        return root.transfer(address, (_, mailbox, transfers) -> {
            var screen = new TransferScreen(root.err());
            try (var sink = opened.at(path)) {
                var counts = transfers
                        .exporter()
                        .run(
                                mailbox.id(),
                                sink,
                                so -> screen.draw(
                                        String.format(Locale.ROOT, "%,d messages", so.messages()), so.bytes()));
                screen.clear();
                var fields = Answer.fields(
                        "mailbox", mailbox.address(),
                        "path", path,
                        "folders", counts.folders(),
                        "messages", counts.messages(),
                        "bytes", counts.bytes(),
                        "seconds", screen.seconds());
                return root.print((out, json) -> Answer.show(out, json, fields));
            } catch (IOException e) {
                screen.clear();
                throw new Stop(ExitCode.REFUSED, path + " cannot be written: " + e.getMessage(), e);
            }
        });
    }
}
