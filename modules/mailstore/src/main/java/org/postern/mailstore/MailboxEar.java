package org.postern.mailstore;

import org.postern.model.FolderId;
import org.postern.model.Modseq;

/** Hears what there is to hear of a mailbox; by any thread, without blocking it. */
abstract sealed class MailboxEar permits MailboxWatch, FolderWatch {
    /** Messages of a folder have changed. */
    abstract void heard(FolderId folder, Modseq modseq);

    /** Names, subscriptions, annotations, or who may do what have changed. */
    abstract void heardTree();

    /** Anything may have changed. */
    abstract void missed();
}
