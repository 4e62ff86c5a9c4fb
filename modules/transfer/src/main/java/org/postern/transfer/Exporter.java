package org.postern.transfer;

import java.io.IOException;
import java.util.EnumSet;
import org.postern.mailstore.ContentPart;
import org.postern.mailstore.Contents;
import org.postern.mailstore.FolderEntry;
import org.postern.mailstore.FolderFeed;
import org.postern.mailstore.FolderSnapshot;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.MessageContent;
import org.postern.mailstore.Pop3Marks;
import org.postern.mailstore.Pop3View;
import org.postern.model.MailboxId;

/** Writes all that a mailbox holds to a sink: folder by folder, each as it is when its turn comes. */
public final class Exporter {
    private final FolderTree tree;
    private final FolderFeed feed;
    private final Contents contents;
    private final Pop3View pop3;

    public Exporter(FolderTree tree, FolderFeed feed, Contents contents, Pop3View pop3) {
        this.tree = tree;
        this.feed = feed;
        this.contents = contents;
        this.pop3 = pop3;
    }

    /** Hears how an export goes on. */
    @FunctionalInterface
    public interface Listener {
        void progress(ExportCounts counts);
    }

    /** @throws IOException when the sink cannot be written */
    public ExportCounts run(MailboxId mailbox, MailSink sink, Listener listener) throws IOException {
        var run = new Run(sink, listener);
        for (var folder : tree.list(mailbox)) {
            run.folder(folder);
        }
        return run.counts;
    }

    private final class Run {
        private final MailSink sink;
        private final Listener listener;
        private ExportCounts counts = new ExportCounts(0, 0, 0);

        Run(MailSink sink, Listener listener) {
            this.sink = sink;
            this.listener = listener;
        }

        void folder(FolderEntry entry) throws IOException {
            try (var watch = feed.watch(entry.id(), () -> {})) { // A snapshot: nobody wants to hear of changes.
                var snapshot = watch.snapshot();
                if (snapshot.isGone()) {
                    return;
                }
                sink.folder(new ExportedFolder(
                        entry.name(), entry.subscribed(), snapshot.uidValidity(), snapshot.uidNext()));
                counts = new ExportCounts(counts.folders() + 1, counts.messages(), counts.bytes());
                var marks = pop3.marks(entry.id());
                contents.messages(
                        entry.id(),
                        snapshot.uids(),
                        EnumSet.of(ContentPart.BYTES),
                        content -> message(content, snapshot, marks));
            }
        }

        private void message(MessageContent content, FolderSnapshot snapshot, Pop3Marks marks) throws IOException {
            int at = snapshot.indexOf(content.uid().value());
            sink.message(new ExportedMessage(
                    content.uid(),
                    snapshot.flags(at),
                    snapshot.internalDate(at),
                    content.size(),
                    marks.uidl(content.uid().value()),
                    content::writeTo));
            counts = new ExportCounts(counts.folders(), counts.messages() + 1, counts.bytes() + content.size());
            listener.progress(counts);
        }
    }
}
