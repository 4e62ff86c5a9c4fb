package org.postern.pop3;

import java.io.IOException;

/**
 * A message was expunged so long ago that its bytes are gone, and the reply has begun: closing is the only honest end, for
 * half a message would be taken for a whole one.
 */
final class MessageSwept extends IOException {
    private static final long serialVersionUID = 1L;

    MessageSwept() {
        super("the message was expunged while a long POP3 session still listed it");
    }
}
