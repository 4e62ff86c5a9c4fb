package org.postern.transfer;

import java.io.IOException;
import java.util.Optional;
import org.postern.mailstore.AlreadyExists;
import org.postern.mailstore.CreateOutcome;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.Imports;
import org.postern.mailstore.Subscriptions;
import org.postern.mailstore.TooManyFolders;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.SpecialUse;
import org.postern.transfer.Trouble.Code;

/** Brings the mail of a source into a mailbox: what is not there yet, and what has other flags since. */
public final class Importer {
    private final FolderTree tree;
    private final FolderStore store;
    private final Subscriptions subscriptions;
    private final Imports imports;

    public Importer(FolderTree tree, FolderStore store, Subscriptions subscriptions, Imports imports) {
        this.tree = tree;
        this.store = store;
        this.subscriptions = subscriptions;
        this.imports = imports;
    }

    /**
     * Runs to the end of the source, or to where the mailbox takes no more.
     *
     * @return how far it came; what is not there is told to {@code listener} one by one
     * @throws IOException when the source is gone; what was brought stays, and another run goes on from there
     */
    public ImportCounts run(MailSource source, ImportSettings settings, ImportListener listener) throws IOException {
        var folders = source.folders();
        var plan = new FolderPlan(folders.stream().map(SourceFolder::facts).toList(), tree.list(settings.mailbox()));
        var counts = ImportCounts.NONE;
        for (var folder : folders) {
            var place = plan.of(folder.facts());
            counts = counts.withFolder();
            listener.folder(folder.facts(), place.target());
            if (!prepare(settings.mailbox(), place, folder.facts().subscribed())) {
                counts = counts.withLeftOut(folder.facts().messages().orElse(1));
                var text = "a mailbox has at most " + FolderTree.MAX_FOLDERS + " folders";
                listener.trouble(
                        new Trouble(Code.TOO_MANY_FOLDERS, folder.facts().name().value(), "", text));
                continue;
            }
            var run = bring(folder, place.target(), settings, listener, counts);
            counts = run.counts();
            if (run.isStopped()) {
                break;
            }
        }
        return counts;
    }

    private <M extends SourceMessage> FolderImport<M> bring(
            SourceFolder<M> folder,
            FolderName target,
            ImportSettings settings,
            ImportListener listener,
            ImportCounts counts)
            throws IOException {
        var run = new FolderImport<>(folder, target, settings, listener, imports, store, counts);
        folder.list(run::take);
        return run;
    }

    private boolean prepare(MailboxId mailbox, FolderPlan.Place place, boolean subscribed) {
        var there = tree.find(mailbox, place.target());
        if (there.isEmpty() && !create(mailbox, place.target(), place.use())) {
            return false;
        }
        if (subscribed && there.filter(entry -> entry.subscribed()).isEmpty()) {
            subscriptions.add(mailbox, place.target());
        }
        return true;
    }

    private boolean create(MailboxId mailbox, FolderName name, Optional<SpecialUse> use) {
        return switch (tree.create(mailbox, name, use)) {
            case CreateOutcome.Created _, AlreadyExists _ -> true;
            case CreateOutcome.SpecialUseTaken _ -> create(mailbox, name, Optional.empty());
            case TooManyFolders _ -> false;
        };
    }
}
