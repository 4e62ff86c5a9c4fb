package org.postern.mime;

import java.io.Reader;

/** The readable text of a message for SEARCH BODY and TEXT (RFC 9051 §6.4.4): transfer encodings and charsets undone, as a stream. */
@SuppressWarnings("DoNotCallSuggester") // Bodies land next.
public final class SearchText {
    private SearchText() {}

    /** One part's text; HTML with its tags. The reader ends after {@code maxChars}. */
    public static Reader ofPart(Structure.Leaf part, MessageBytes message, long maxChars) {
        throw new UnsupportedOperationException();
    }

    /** SEARCH BODY: every text part, and header and text of every message inside, one after another. */
    public static Reader body(Structure structure, MessageBytes message, long maxChars) {
        throw new UnsupportedOperationException();
    }

    /** SEARCH TEXT: the header, then the body. */
    public static Reader text(Structure structure, MessageBytes message, long maxChars) {
        throw new UnsupportedOperationException();
    }

    /** Whether the text holds the string, compared as i;unicode-casemap does (RFC 5051); the string is {@linkplain #fold folded} here. */
    public static boolean contains(Reader text, String string) throws java.io.IOException {
        throw new UnsupportedOperationException();
    }

    /** The form in which i;unicode-casemap compares (RFC 5051 §2). */
    public static String fold(String text) {
        throw new UnsupportedOperationException();
    }
}
