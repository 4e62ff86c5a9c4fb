package org.postern.imap.handler.folder;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.GetMetadata;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Tagged;
import org.postern.imap.reply.Untagged;
import org.postern.mailstore.FolderEntry;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.metadata.Annotation;
import org.postern.mailstore.metadata.Metadata;
import org.postern.mailstore.metadata.MetadataEntry;
import org.postern.model.FolderName;

/** GETMETADATA: what is not there is NIL; longer than MAXSIZE, only the longest's size is told (RFC 5464 §4.2). */
public final class GetMetadataHandler implements Handler<GetMetadata> {
    private final FolderTree folders;
    private final Metadata metadata;

    public GetMetadataHandler(FolderTree folders, Metadata metadata) {
        this.folders = folders;
        this.metadata = metadata;
    }

    @Override
    public Reply handle(GetMetadata get, ImapSession session) {
        var all = annotations(get.folder(), session);
        if (all.isEmpty()) {
            return Reply.no(Code.Plain.NONEXISTENT, "No such folder");
        }
        var asked = asked(get, all.get());
        long longest = asked.stream().mapToLong(GetMetadataHandler::size).max().orElse(0);
        long max = get.maxSize().orElse(Long.MAX_VALUE);
        var told = asked.stream().filter(one -> size(one) <= max).toList();
        var responses = told.isEmpty()
                ? List.<Untagged>of()
                : List.<Untagged>of(new Untagged.Annotated(
                        get.folder().map(FolderName::value).orElse(""), told));
        return new Reply.Whole(
                responses,
                longest > max
                        ? Tagged.ok(new Code.MetadataLongEntries(longest), "GETMETADATA completed")
                        : Tagged.ok("GETMETADATA completed"));
    }

    private Optional<List<Annotation>> annotations(Optional<FolderName> folder, ImapSession session) {
        var mailbox = session.access().mailbox();
        return folder.isEmpty()
                ? Optional.of(metadata.ofMailbox(mailbox))
                : folders.find(mailbox, folder.get()).map(FolderEntry::id).map(id -> metadata.ofFolder(id, mailbox));
    }

    /** The entries asked for, there or not, each followed by those below it within the depth. */
    private static List<Annotation> asked(GetMetadata get, List<Annotation> all) {
        var there = new TreeMap<MetadataEntry, Annotation>();
        all.forEach(annotation -> there.put(annotation.entry(), annotation));
        var asked = new ArrayList<Annotation>();
        for (var entry : get.entries()) {
            if (there.containsKey(entry) || get.depth() == 0) {
                asked.add(there.getOrDefault(entry, new Annotation(entry, Optional.empty())));
            }
            there.values().stream()
                    .filter(one -> one.entry()
                            .depthBelow(entry)
                            .filter(depth -> depth > 0 && depth <= get.depth())
                            .isPresent())
                    .forEach(asked::add);
        }
        return asked.stream().distinct().toList();
    }

    private static long size(Annotation annotation) {
        return annotation.value().map(String::length).orElse(0);
    }
}
