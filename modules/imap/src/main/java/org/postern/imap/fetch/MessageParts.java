package org.postern.imap.fetch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Optional;
import org.postern.imap.command.FetchItem.Partial;
import org.postern.imap.command.FetchItem.Section;
import org.postern.imap.reply.FetchValue.Octets;
import org.postern.mailstore.Contents;
import org.postern.model.FolderId;
import org.postern.model.Uid;
import org.postern.model.UidSet;

/** Bytes of messages for other uses than FETCH: those that {@code BODY.PEEK[section]<partial>} would answer. */
public final class MessageParts {
    private final Contents contents;

    public MessageParts(Contents contents) {
        this.contents = contents;
    }

    /** Empty where there is no such message, or it has no such part. */
    public Optional<Octets> octets(FolderId folder, Uid uid, Section section, Optional<Partial> partial)
            throws IOException {
        var found = new ArrayList<Octets>(1);
        contents.messages(
                folder,
                UidSet.of(uid),
                FetchPlan.partsOf(section),
                message -> found.add(new Sections(message, folder, contents).octets(section, partial)));
        return found.stream().filter(octets -> !(octets instanceof Octets.None)).findFirst();
    }
}
