package org.postern.server.cli;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.postern.mailstore.sharing.AclChange;
import org.postern.mailstore.sharing.AclEntry;
import org.postern.model.Address;
import org.postern.model.FolderName;
import org.postern.server.SharedFolders;
import org.postern.server.Whom;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code postern mailbox share …}: who may do what in a folder (RFC 4314). */
@Command(
        name = "share",
        description = {
            "Shares a folder with other mailboxes of the account, or ends that; shows who may do what in it.",
            "They see it as \"Other Users/OWNER/FOLDER\". Felt at once; the owner can do the same with a mail app."
        })
final class ShareCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call.
    private MailboxCommands mailboxes;

    @Parameters(index = "0", paramLabel = "OWNER", description = "the mailbox whose folder it is")
    @SuppressWarnings("NullAway.Init")
    private Address owner;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "FOLDER",
            description = "by the owner's name for it; without one, shows all that OWNER shares, and sees of others")
    private @Nullable FolderName folder;

    @ArgGroup
    private @Nullable Change change;

    @Option(
            names = "--rights",
            paramLabel = "RIGHTS",
            description = {
                "in the place of those before: read (lrs), write (lrswite), full, none,",
                "or letters of RFC 4314; with + before them added, with - taken away (--rights=-w)"
            })
    private @Nullable AclChange rights;

    /** At most one of them. */
    static final class Change {
        @Option(
                names = "--with",
                paramLabel = "WHO",
                description = "a mailbox, or anyone of the account, gets --rights")
        @Nullable
        Whom with;

        @Option(names = "--deny", paramLabel = "WHO", description = "never has --rights, whoever gives them")
        @Nullable
        Whom deny;

        @Option(names = "--revoke", paramLabel = "WHO", description = "keeps what anyone has, and nothing else")
        @Nullable
        Whom revoke;

        Whom whom() {
            return with != null ? with : deny != null ? deny : Objects.requireNonNull(revoke);
        }
    }

    @Override
    public Integer call() {
        boolean takesRights = change != null && change.revoke == null;
        if (takesRights != (rights != null)) {
            throw new Stop(
                    ExitCode.USAGE,
                    takesRights
                            ? "--rights is missing: " + RightsWords.ALLOWED
                            : "--rights goes with --with or --deny");
        }
        if (folder == null) {
            if (change != null) {
                throw new Stop(ExitCode.USAGE, "FOLDER is missing");
            }
            return mailboxes
                    .root()
                    .administer(admin -> admin.sharedFolders().overview(owner), ShareCommand::printedOverview);
        }
        return shareOrShow(folder);
    }

    private int shareOrShow(FolderName named) {
        var how = rights == null ? AclChange.NOTHING_LEFT : rights;
        return mailboxes
                .root()
                .administer(
                        admin -> change == null
                                ? admin.sharedFolders().show(owner, named)
                                : admin.sharedFolders().change(owner, named, change.whom(), change.deny != null, how),
                        ShareCommand::printed);
    }

    private static PosternCommand.Printable printedOverview(SharedFolders.Overview overview) {
        var shares = overview.shares().stream()
                .flatMap(shared -> shared.entries().stream().map(entry -> {
                    var fields = Answer.fields("folder", shared.folder());
                    fields.putAll(fields(entry));
                    return fields;
                }))
                .toList();
        var sees = overview.sees().stream()
                .map(folder -> Answer.fields(
                        "folder", folder.name(), "rights", folder.rights(), "word", RightsWords.of(folder.rights())))
                .toList();
        return (out, json) ->
                Answer.show(out, json, Answer.fields("mailbox", overview.mailbox(), "shares", shares, "sees", sees));
    }

    private static PosternCommand.Printable printed(SharedFolders.Shared shared) {
        return (out, json) -> Answer.show(
                out,
                json,
                Answer.fields(
                        "mailbox",
                        shared.owner(),
                        "folder",
                        shared.folder(),
                        "shown_as",
                        shared.shownAs(),
                        "shared_with",
                        shared.entries().stream().map(ShareCommand::fields).toList()));
    }

    private static Map<String, Object> fields(AclEntry entry) {
        return Answer.fields(
                "who",
                entry.grantee().name(),
                "rights",
                entry.rights(),
                "word",
                RightsWords.of(entry.rights()),
                "denied",
                entry.negative());
    }
}
