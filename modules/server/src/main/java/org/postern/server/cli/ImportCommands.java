package org.postern.server.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postern.accounts.MailboxInfo;
import org.postern.accounts.PlanLookup;
import org.postern.mime.SpoolSettings;
import org.postern.model.Address;
import org.postern.model.FolderName;
import org.postern.model.StorageLimit;
import org.postern.server.Administration;
import org.postern.transfer.ImportCounts;
import org.postern.transfer.ImportSettings;
import org.postern.transfer.MailSource;
import org.postern.transfer.UidlFormat;
import org.postern.transfer.Uidls;
import org.postern.transfer.maildir.MaildirSource;
import org.postern.transfer.mbox.MboxSource;
import org.postern.transfer.mbox.Quoting;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code postern import …}: brings the mail of another server into a mailbox. */
@Command(
        name = "import",
        description = {
            "Brings mail from elsewhere into a mailbox, with folders, dates, flags and keywords.",
            "What is there already is not brought again: a run that was cut off goes on where it was, a second one brings"
                    + " what is new, and what flags the source has changed."
        })
final class ImportCommands extends CommandGroup {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it before any method is called.
    private PosternCommand root;

    /** Where it goes, and what is to be kept. */
    static final class Target {
        @Option(names = "--mailbox", paramLabel = "ADDRESS", required = true, description = "where it goes")
        @SuppressWarnings("NullAway.Init") // picocli sets it before any method is called.
        Address mailbox;

        @Option(
                names = "--keep-uids",
                description = "folders that never held a message get the source's UIDVALIDITY and UIDs")
        boolean keepUids;

        @Option(names = "--ignore-limits", description = "more than the plan allows: storage, and size of a message")
        boolean ignoreLimits;

        @ArgGroup
        UidlOptions uidls = new UidlOptions();
    }

    /** Where the UIDLs of POP3 are known from. */
    static final class UidlOptions {
        @Option(
                names = "--uidl-format",
                paramLabel = "FORMAT",
                description = "how the other server makes POP3's UIDLs, of %%u, %%v and %%f as Dovecot's"
                        + " pop3_uidl_format; its default is %%08Xu%%08Xv")
        @Nullable
        String format;

        @Option(names = "--uidl-file", paramLabel = "FILE", description = "lines of UID UIDL, of INBOX")
        @Nullable
        Path file;

        Uidls uidls() {
            try {
                if (format != null) {
                    return Uidls.madeAs(UidlFormat.parse(format));
                }
                return file == null ? Uidls.NONE : Uidls.listedIn(file);
            } catch (IllegalArgumentException e) {
                throw new Stop(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
            } catch (IOException e) {
                throw new Stop(ExitCode.REFUSED, file + " cannot be read: " + e.getMessage(), e);
            }
        }
    }

    @Command(
            description = {
                "Brings a Maildir: Maildir++ or nested folders, with the files of Dovecot and Courier beside the messages.",
                "The Maildir itself is INBOX. It may be in use."
            })
    int maildir(@Parameters(paramLabel = "PATH") Path path, @Mixin Target target) {
        return run(target, new MaildirSource(path, target.uidls.uidls()));
    }

    @Command(description = "Brings an mbox file, or a folder of them.")
    int mbox(
            @Parameters(paramLabel = "PATH") Path path,
            @Mixin Target target,
            @Option(
                            names = "--folder",
                            paramLabel = "NAME",
                            defaultValue = "INBOX",
                            description = "where one file goes; default ${DEFAULT-VALUE}")
                    FolderName folder,
            @Option(
                            names = "--quoting",
                            paramLabel = "FORM",
                            defaultValue = "auto",
                            description =
                                    "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}: Content-Length where that"
                                            + " leads from message to message, else mboxrd")
                    Quoting quoting) {
        return run(target, new MboxSource(path, folder, quoting, target.uidls.uidls()));
    }

    @Command(description = "Forgets what was brought into a mailbox: the next import would bring all of it once more.")
    int forget(
            @Option(names = "--mailbox", paramLabel = "ADDRESS", required = true, description = "whose")
                    Address address) {
        return root.inSession(session -> {
            var mailbox =
                    PosternCommand.done(session.administration().mailboxes().show(address));
            try (var transfers = session.transfers()) {
                int forgotten = transfers.imports().forget(mailbox.id());
                return root.print((out, json) -> Answer.show(out, json, Answer.fields("forgotten", forgotten)));
            }
        });
    }

    private int run(Target target, MailSource source) {
        return root.inSession(session -> {
            var mailbox =
                    PosternCommand.done(session.administration().mailboxes().show(target.mailbox));
            var screen = new TransferScreen(root.err());
            try (var transfers = session.transfers();
                    source) {
                var settings = settings(session.administration(), mailbox, target, transfers.spools());
                var counts = transfers.importer().run(source, settings, screen);
                screen.clear();
                root.print((out, json) -> Answer.show(out, json, fields(mailbox, counts, screen, json)));
                return (screen.lostMessages() ? ExitCode.INCOMPLETE : ExitCode.OK).status();
            } catch (IOException e) {
                screen.clear();
                throw new Stop(
                        screen.hasBegun() ? ExitCode.INCOMPLETE : ExitCode.REFUSED,
                        e.getMessage() + (screen.hasBegun() ? "\nrun it again: it goes on where it was" : ""),
                        e);
            }
        });
    }

    private static ImportSettings settings(
            Administration admin, MailboxInfo mailbox, Target target, SpoolSettings spools) {
        if (target.ignoreLimits) {
            return new ImportSettings(mailbox.id(), StorageLimit.NONE, target.keepUids, spools);
        }
        return switch (admin.entitlements().planOf(mailbox.id())) {
            case PlanLookup.Known known ->
                new ImportSettings(
                        mailbox.id(),
                        known.plan().storage(),
                        target.keepUids,
                        spools.withMaxBytes(known.plan().maxMessageBytes()));
            case PlanLookup.Unusable(var plan, var why) ->
                throw new Stop(ExitCode.REFUSED, "plan " + plan + " cannot be used: " + why);
            case PlanLookup.NoSuchMailbox _ ->
                throw new Stop(ExitCode.REFUSED, "there is no mailbox " + mailbox.address());
        };
    }

    private static Map<String, Object> fields(
            MailboxInfo mailbox, ImportCounts counts, TransferScreen screen, boolean json) {
        var fields = Answer.fields(
                "mailbox", mailbox.address(),
                "folders", counts.folders(),
                "imported", counts.imported(),
                "bytes", counts.bytes(),
                "known", counts.known(),
                "reflagged", counts.reflagged(),
                "left_out", counts.leftOut(),
                "seconds", screen.seconds());
        if (json) {
            fields.put("troubles", screen.troubles());
        }
        return fields;
    }
}
