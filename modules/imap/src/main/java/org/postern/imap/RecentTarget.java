package org.postern.imap;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postern.mailstore.sharing.VisibleFolder;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;

/**
 * The folder that a session's last APPEND went to, so that whoever appends many messages does not ask the database for it each time.
 * Only a folder of the viewer's own, to which nobody takes its rights. That it is not there any more, storing says.
 */
public final class RecentTarget {
    /** For so long what was found is believed. */
    static final Duration FRESH = Duration.ofSeconds(10);

    private @Nullable VisibleFolder folder;
    private long foundAt;

    /** What was found by that name a moment ago. */
    public Optional<VisibleFolder> find(MailboxId viewer, FolderName shown) {
        return Optional.ofNullable(folder)
                .filter(known -> known.name().equals(shown)
                        && known.owner().equals(viewer)
                        && System.nanoTime() - foundAt < FRESH.toNanos());
    }

    public void note(MailboxId viewer, VisibleFolder found) {
        folder = found.owner().equals(viewer) ? found : null;
        foundAt = System.nanoTime();
    }
}
