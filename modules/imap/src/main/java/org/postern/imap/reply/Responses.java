package org.postern.imap.reply;

import java.io.IOException;

/** Takes untagged responses in the order in which the client shall see them; blocks while the client is slow. */
@FunctionalInterface
public interface Responses {
    void send(Untagged response) throws IOException;
}
