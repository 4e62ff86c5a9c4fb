package org.postern.imap.handler.folder;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.postern.accounts.Access;
import org.postern.imap.Feature;
import org.postern.imap.Handler;
import org.postern.imap.ImapLimits;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.ListFolders;
import org.postern.imap.command.ListOptions;
import org.postern.imap.command.StatusItem;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Untagged;
import org.postern.imap.reply.Untagged.Attribute;
import org.postern.mailstore.FolderEntry;
import org.postern.mailstore.FolderStatus;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.Subscriptions;
import org.postern.mailstore.metadata.Annotation;
import org.postern.mailstore.metadata.Metadata;
import org.postern.mailstore.metadata.MetadataEntry;
import org.postern.model.FolderId;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;

/** LIST (RFC 3501 §6.3.8), extended (RFC 5258), with STATUS (RFC 5819), METADATA (RFC 9590), CHILDREN (RFC 3348), SPECIAL-USE (RFC 6154 §2). */
public final class ListHandler implements Handler<ListFolders> {
    private final FolderTree folders;
    private final Subscriptions subscriptions;
    private final Metadata metadata;
    private final ImapLimits limits;

    public ListHandler(FolderTree folders, Subscriptions subscriptions, Metadata metadata, ImapLimits limits) {
        this.folders = folders;
        this.subscriptions = subscriptions;
        this.metadata = metadata;
        this.limits = limits;
    }

    @Override
    public Reply handle(ListFolders list, ImapSession session) {
        var options = list.options();
        if (!options.extended() && list.patterns().equals(List.of(""))) {
            // Asks for the separator and the root of the reference.
            var root = new Untagged.Folder(false, "", List.of(Attribute.NOSELECT), Optional.empty(), List.of());
            return Reply.ok(List.of(root), "LIST completed");
        }
        var patterns = new ArrayList<FolderPattern>();
        for (var pattern : list.patterns()) {
            FolderPattern.of(list.reference(), pattern, limits).ifPresent(patterns::add);
        }
        if (patterns.size() < list.patterns().size()) {
            return Reply.no(Code.Plain.LIMIT, "Pattern too long");
        }
        if (options.status().contains(StatusItem.HIGHESTMODSEQ)) {
            session.features().enable(Feature.CONDSTORE); // RFC 7162 §3.1.
        }
        return Reply.ok(answers(options, patterns, session.access()), "LIST completed");
    }

    private List<Untagged> answers(ListOptions options, List<FolderPattern> patterns, Access access) {
        var mailbox = access.mailbox();
        var subscribed =
                FolderListing.needsSubscriptions(options) ? subscriptions.list(mailbox) : List.<FolderName>of();
        var found = new FolderListing(options, folders.list(mailbox), subscribed).matching(patterns);
        var statuses = options.status().isEmpty() ? Map.<FolderId, FolderStatus>of() : statuses(mailbox);
        var annotations = options.metadata().isEmpty()
                ? Map.<FolderId, List<Annotation>>of()
                : metadata.ofFolders(mailbox, mailbox, options.metadata());
        var answers = new ArrayList<Untagged>();
        for (var one : found) {
            answers.add(one.answer());
            // Not of those that only stand above others (RFC 5819 §2).
            one.entry()
                    .filter(entry -> one.chosen())
                    .map(entry -> statuses.get(entry.id()))
                    .map(status -> FolderCounters.of(
                            options.status(), status, folders, access.plan().maxMessageBytes()))
                    .ifPresent(items -> answers.add(
                            new Untagged.Status(one.entry().orElseThrow().name(), items)));
            one.entry()
                    .filter(_ -> !options.metadata().isEmpty())
                    .map(entry -> annotated(entry, options.metadata(), annotations.getOrDefault(entry.id(), List.of())))
                    .ifPresent(answers::add);
        }
        return answers;
    }

    /** In the order of the entries asked for; what is not there is NIL (RFC 9590 §4). */
    private static Untagged annotated(FolderEntry folder, List<MetadataEntry> asked, List<Annotation> there) {
        var told = asked.stream()
                .map(entry -> there.stream()
                        .filter(annotation -> annotation.entry().equals(entry))
                        .findFirst()
                        .orElse(new Annotation(entry, Optional.empty())))
                .toList();
        return new Untagged.Annotated(folder.name().value(), told);
    }

    /** Of all folders in one round trip. */
    private Map<FolderId, FolderStatus> statuses(MailboxId mailbox) {
        return folders.statuses(mailbox).stream().collect(Collectors.toMap(FolderStatus::id, Function.identity()));
    }
}
