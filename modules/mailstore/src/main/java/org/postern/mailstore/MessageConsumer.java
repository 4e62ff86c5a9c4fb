package org.postern.mailstore;

import java.io.IOException;

/** Takes messages one by one; no transaction is open and no connection held meanwhile, so it may wait for a client. */
@FunctionalInterface
public interface MessageConsumer {
    void accept(MessageContent message) throws IOException;
}
