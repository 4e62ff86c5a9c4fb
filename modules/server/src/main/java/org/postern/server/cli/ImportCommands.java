package org.postern.server.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postern.accounts.MailboxInfo;
import org.postern.accounts.PlanLookup;
import org.postern.mime.bytes.SpoolSettings;
import org.postern.model.Address;
import org.postern.model.FolderName;
import org.postern.model.StorageLimit;
import org.postern.server.Administration;
import org.postern.transfer.ImportCounts;
import org.postern.transfer.ImportSettings;
import org.postern.transfer.PatientImport;
import org.postern.transfer.UidlFormat;
import org.postern.transfer.Uidls;
import org.postern.transfer.imap.ImapServer;
import org.postern.transfer.imap.ImapSource;
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
        return run(target, () -> new MaildirSource(path, target.uidls.uidls()));
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
        return run(target, () -> new MboxSource(path, folder, quoting, target.uidls.uidls()));
    }

    /** The other server, and who reads there. Its secret is never on the command line. */
    static final class ImapOptions {
        @Option(names = "--user", paramLabel = "NAME", required = true, description = "who logs in there")
        @SuppressWarnings("NullAway.Init") // picocli sets it before any method is called.
        String user;

        @Option(
                names = "--password-file",
                paramLabel = "FILE",
                description = "has the password in its first line; else the environment has it in"
                        + " POSTERN_IMPORT_PASSWORD, or it is asked for")
        @Nullable
        Path passwordFile;

        @Option(names = "--port", paramLabel = "N", description = "default 993; with --starttls 143")
        @Nullable
        Integer port;

        @Option(names = "--starttls", description = "TLS begins with STARTTLS; without it the import ends")
        boolean startTls;

        @Option(
                names = "--ca",
                paramLabel = "FILE",
                description = "PEM certificates to trust instead of this machine's")
        @Nullable
        Path authorities;

        @Option(names = "--insecure", description = "takes any certificate: whoever is in between can read it all")
        boolean insecure;

        @Option(names = "--except", paramLabel = "FOLDER", description = "leaves this folder out; may be repeated")
        @Nullable
        Set<FolderName> except;

        ImapServer server(String host) {
            int usual = startTls ? ImapServer.IMAP : ImapServer.IMAPS;
            return new ImapServer(
                    host,
                    port == null ? usual : port,
                    startTls,
                    new ImapServer.Trust(Optional.ofNullable(authorities), insecure),
                    user,
                    Secrets.read("password of " + user, Optional.ofNullable(passwordFile), "POSTERN_IMPORT_PASSWORD"));
        }
    }

    @Command(
            description = {
                "Brings the mail of one user of another IMAP server, over TLS; nothing is changed there.",
                "Messages are known by UIDVALIDITY and UID: the same HOST and --user bring none twice."
            })
    int imap(@Parameters(paramLabel = "HOST") String host, @Mixin ImapOptions imap, @Mixin Target target) {
        if (imap.insecure) {
            root.err().println("postern: INSECURE: the certificate of " + host + " is not checked");
        }
        var server = imap.server(host);
        var except = imap.except == null ? Set.<FolderName>of() : imap.except;
        return run(target, () -> ImapSource.open(server, except, target.uidls.uidls()));
    }

    @Command(description = "Forgets what was brought into a mailbox: the next import would bring all of it once more.")
    int forget(
            @Option(names = "--mailbox", paramLabel = "ADDRESS", required = true, description = "whose")
                    Address address) {
        return root.transfer(address, (_, mailbox, transfers) -> {
            int forgotten = transfers.imports().forget(mailbox.id());
            return root.print((out, json) -> Answer.show(out, json, Answer.fields("forgotten", forgotten)));
        });
    }

    /** @param opened when it is known that there is a mailbox for it */
    private int run(Target target, PatientImport.Opener opened) {
        return root.transfer(target.mailbox, (admin, mailbox, transfers) -> {
            var screen = new TransferScreen(root.err());
            try {
                var settings = settings(admin, mailbox, target, transfers.spools());
                var counts = new PatientImport(transfers.importer()).run(opened, settings, screen);
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
