package org.postern.imap.handler.folder;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.postern.accounts.Access;
import org.postern.imap.Feature;
import org.postern.imap.Handler;
import org.postern.imap.ImapLimits;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.ListFolders;
import org.postern.imap.command.ListOptions;
import org.postern.imap.command.ListOptions.Told;
import org.postern.imap.command.StatusItem;
import org.postern.imap.handler.folder.FolderListing.Found;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Untagged;
import org.postern.imap.reply.Untagged.Attribute;
import org.postern.mailstore.FolderStatus;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.Subscriptions;
import org.postern.mailstore.metadata.Annotation;
import org.postern.mailstore.metadata.Metadata;
import org.postern.mailstore.metadata.MetadataEntry;
import org.postern.mailstore.sharing.VisibleFolder;
import org.postern.mailstore.sharing.VisibleFolders;
import org.postern.model.FolderId;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.Right;

/**
 * LIST (RFC 3501 §6.3.8), extended (RFC 5258), with STATUS (RFC 5819), METADATA (RFC 9590), MYRIGHTS (RFC 8440), CHILDREN (RFC
 * 3348), SPECIAL-USE (RFC 6154 §2).
 */
public final class ListHandler implements Handler<ListFolders> {
    private final VisibleFolders visible;
    private final FolderTree folders;
    private final Subscriptions subscriptions;
    private final Metadata metadata;
    private final ImapLimits limits;

    public ListHandler(
            VisibleFolders visible,
            FolderTree folders,
            Subscriptions subscriptions,
            Metadata metadata,
            ImapLimits limits) {
        this.visible = visible;
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
        var found = new FolderListing(options, visible.list(mailbox), subscribed).matching(patterns);
        // Not of those that only stand above others (RFC 5819 §2, RFC 8440 §4, RFC 9590 §4).
        var chosen = found.stream()
                .filter(Found::chosen)
                .map(Found::entry)
                .flatMap(Optional::stream)
                .toList();
        var statuses = options.status().isEmpty() ? Map.<FolderId, FolderStatus>of() : statuses(chosen);
        var annotations = options.metadata().isEmpty()
                ? Map.<FolderId, List<Annotation>>of()
                : annotations(chosen, mailbox, options.metadata());
        var answers = new ArrayList<Untagged>();
        for (var one : found) {
            answers.add(one.answer());
            one.entry().ifPresent(folder -> {
                Optional.ofNullable(statuses.get(folder.id()))
                        .map(status -> FolderCounters.of(
                                options.status(), status, folders, access.plan().maxMessageBytes()))
                        .ifPresent(items -> answers.add(new Untagged.Status(folder.name(), items)));
                if (annotations.containsKey(folder.id())) {
                    answers.add(annotated(folder, options.metadata(), annotations.get(folder.id())));
                }
                if (one.chosen() && options.told().contains(Told.MYRIGHTS)) {
                    answers.add(new Untagged.MyRights(folder.name(), folder.rights()));
                }
            });
        }
        return answers;
    }

    /** In the order of the entries asked for; what is not there is NIL (RFC 9590 §4). */
    private static Untagged annotated(VisibleFolder folder, List<MetadataEntry> asked, List<Annotation> there) {
        var told = asked.stream()
                .map(entry -> there.stream()
                        .filter(annotation -> annotation.entry().equals(entry))
                        .findFirst()
                        .orElse(new Annotation(entry, Optional.empty())))
                .toList();
        return new Untagged.Annotated(folder.name().value(), told);
    }

    /** Of all folders that may be read, in one round trip for each owner. */
    private Map<FolderId, FolderStatus> statuses(List<VisibleFolder> chosen) {
        var statuses = new HashMap<FolderId, FolderStatus>();
        var readable = chosen.stream().filter(folder -> folder.may(Right.READ)).toList();
        byOwner(readable)
                .forEach((owner, ids) ->
                        folders.statuses(owner, ids).forEach(status -> statuses.put(status.id(), status)));
        return statuses;
    }

    /** Of all folders whose annotations the client may see, in one round trip for each owner. */
    private Map<FolderId, List<Annotation>> annotations(
            List<VisibleFolder> chosen, MailboxId viewer, List<MetadataEntry> entries) {
        var annotations = new HashMap<FolderId, List<Annotation>>();
        var allowed = chosen.stream()
                .filter(folder -> AnnotationRights.toRead(folder.rights()))
                .toList();
        byOwner(allowed).forEach((owner, ids) -> {
            var there = metadata.ofFolders(owner, viewer, entries);
            ids.forEach(id -> annotations.put(id, there.getOrDefault(id, List.of())));
        });
        return annotations;
    }

    private static Map<MailboxId, List<FolderId>> byOwner(List<VisibleFolder> some) {
        return some.stream().map(VisibleFolder::id).collect(Collectors.groupingBy(FolderId::mailbox));
    }
}
