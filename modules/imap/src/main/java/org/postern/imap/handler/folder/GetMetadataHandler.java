package org.postern.imap.handler.folder;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.GetMetadata;
import org.postern.imap.handler.Targets;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Tagged;
import org.postern.imap.reply.Untagged;
import org.postern.mailstore.metadata.Annotation;
import org.postern.mailstore.metadata.Metadata;
import org.postern.mailstore.metadata.MetadataEntry;
import org.postern.mailstore.sharing.Sought.Forbidden;
import org.postern.mailstore.sharing.Sought.Found;
import org.postern.mailstore.sharing.Sought.Missing;
import org.postern.mailstore.sharing.VisibleFolder;
import org.postern.mailstore.sharing.VisibleFolders;
import org.postern.model.FolderName;
import org.postern.model.Right;

/** GETMETADATA: what is not there is NIL; longer than MAXSIZE, only the longest's size is told (RFC 5464 §4.2). */
public final class GetMetadataHandler implements Handler<GetMetadata> {
    private final VisibleFolders visible;
    private final Metadata metadata;

    public GetMetadataHandler(VisibleFolders visible, Metadata metadata) {
        this.visible = visible;
        this.metadata = metadata;
    }

    @Override
    public Reply handle(GetMetadata get, ImapSession session) {
        var viewer = session.access().mailbox();
        if (get.folder().isEmpty()) {
            return told(get, metadata.ofMailbox(viewer));
        }
        return switch (visible.seek(viewer, get.folder().get(), Right.LOOKUP)) {
            case Found<VisibleFolder>(var folder) ->
                AnnotationRights.toRead(folder.rights())
                        ? told(get, metadata.ofFolder(folder.id(), viewer))
                        : Targets.forbidden();
            case Forbidden<VisibleFolder> _ -> Targets.forbidden();
            case Missing<VisibleFolder> _ -> Targets.unknown();
        };
    }

    private static Reply told(GetMetadata get, List<Annotation> all) {
        var asked = asked(get, all);
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
