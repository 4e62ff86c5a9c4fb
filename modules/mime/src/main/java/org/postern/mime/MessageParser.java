package org.postern.mime;

import java.io.IOException;

@SuppressWarnings("DoNotCallSuggester") // Bodies land next.
public final class MessageParser {
    private MessageParser() {}

    /** @throws IOException only when the bytes cannot be read */
    public static ParsedMessage parse(MessageBytes message) throws IOException {
        return parse(message, MimeLimits.DEFAULT);
    }

    public static ParsedMessage parse(MessageBytes message, MimeLimits limits) throws IOException {
        throw new UnsupportedOperationException();
    }
}
