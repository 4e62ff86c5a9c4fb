package org.postern.imap.handler.folder;

import java.util.Collection;
import org.postern.mailstore.metadata.Annotation;
import org.postern.model.Right;
import org.postern.model.Rights;

/** Who may see and set annotations of a folder (RFC 5464 §3.3). */
final class AnnotationRights {
    private AnnotationRights() {}

    static boolean toRead(Rights rights) {
        return rights.has(Right.LOOKUP) && rights.hasAny(Right.READ, Right.SEEN, Right.WRITE, Right.INSERT, Right.POST);
    }

    /** What everybody will see is for those to set who may write: the RFC leaves us that. */
    static boolean toSet(Rights rights, Collection<Annotation> changes) {
        return toRead(rights)
                && (rights.has(Right.WRITE)
                        || changes.stream().allMatch(change -> change.entry().isPrivate()));
    }
}
