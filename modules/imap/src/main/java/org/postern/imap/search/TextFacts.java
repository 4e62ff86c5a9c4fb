package org.postern.imap.search;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.postern.imap.command.SearchKey;
import org.postern.mailstore.Contents;
import org.postern.mailstore.MessageContent;
import org.postern.mime.SearchText;
import org.postern.mime.bytes.MessageBytes;
import org.postern.mime.bytes.Spool;
import org.postern.model.MailboxId;

/** A message whose every byte can be read: decoded text of all parts, across charsets. */
final class TextFacts extends HeaderFacts {
    /** A message up to this size comes along in the batch and is held; a larger one is read slice by slice. */
    private static final int HELD_BYTES = 256 << 10;

    private final MessageContent message;
    private final MailboxId mailbox;
    private final Contents contents;
    private final long maxChars;
    private @Nullable MessageBytes bytes;

    TextFacts(MessageContent message, MailboxId mailbox, Contents contents, long maxChars) {
        super(message);
        this.message = message;
        this.mailbox = mailbox;
        this.contents = contents;
        this.maxChars = maxChars;
    }

    @Override
    public Verdict body(SearchKey.Body key) throws IOException {
        try (var text = SearchText.body(message.structure(), bytes(), maxChars)) {
            return Verdict.of(SearchText.contains(text, key.text()));
        }
    }

    @Override
    public Verdict text(SearchKey.Text key) throws IOException {
        try (var text = SearchText.text(message.structure(), bytes(), maxChars)) {
            return Verdict.of(SearchText.contains(text, key.text()));
        }
    }

    private MessageBytes bytes() throws IOException {
        if (bytes == null) {
            bytes = message.size() <= HELD_BYTES ? held() : contents.bytes(mailbox, message.content(), message.size());
        }
        return bytes;
    }

    private MessageBytes held() throws IOException {
        var out = new ByteArrayOutputStream((int) message.size());
        message.writeTo(out);
        return Spool.of(out.toByteArray());
    }
}
