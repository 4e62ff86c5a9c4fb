package org.postern.transfer.imap;

import java.io.IOException;
import java.io.InputStream;
import org.postern.transfer.MessageFacts;
import org.postern.transfer.SourceMessage;

/** One message of a folder of another server. */
record ImapMessage(MessageFacts facts, ImapFolder folder, long uid) implements SourceMessage {
    @Override
    public InputStream open() throws IOException {
        return folder.open(this);
    }
}
