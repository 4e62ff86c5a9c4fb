package org.postern.transfer;

import java.time.Duration;
import org.postern.model.FolderName;

/** Hears how an import goes on; called by its thread. */
public interface ImportListener {
    /** The next folder begins. */
    void folder(FolderFacts source, FolderName target);

    /** Some more is done; called often. */
    void progress(ImportCounts counts);

    void trouble(Trouble trouble);

    /** The source has broken off; it is opened again after the pause. */
    void gone(SourceGone why, Duration pause);
}
