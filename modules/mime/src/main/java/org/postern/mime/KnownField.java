package org.postern.mime;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The header fields that envelopes and structures are made of (RFC 5322 §3.6, RFC 2045 §3). */
enum KnownField {
    CONTENT_TYPE("content-type"),
    CONTENT_TRANSFER_ENCODING("content-transfer-encoding"),
    CONTENT_ID("content-id"),
    CONTENT_DESCRIPTION("content-description"),
    CONTENT_MD5("content-md5"),
    CONTENT_DISPOSITION("content-disposition"),
    CONTENT_LANGUAGE("content-language"),
    CONTENT_LOCATION("content-location"),
    DATE("date"),
    SUBJECT("subject"),
    IN_REPLY_TO("in-reply-to"),
    MESSAGE_ID("message-id"),
    REFERENCES("references"),
    FROM("from"),
    SENDER("sender"),
    REPLY_TO("reply-to"),
    TO("to"),
    CC("cc"),
    BCC("bcc"),
    /** Any other, and a line that is no field. */
    OTHER("");

    /** By the length of their names: of one length there are three at most, and of most lengths none. */
    private static final List<List<KnownField>> BY_LENGTH = IntStream.rangeClosed(
                    0, CONTENT_TRANSFER_ENCODING.name.length())
            .mapToObj(length -> Arrays.stream(values())
                    .filter(field -> field != OTHER && field.name.length() == length)
                    .toList())
            .toList();

    private final String name;

    KnownField(String name) {
        this.name = name;
    }

    /** Whether parts have it as well as messages (RFC 2045 §3). */
    boolean isOfContent() {
        return compareTo(CONTENT_LOCATION) <= 0;
    }

    /** Compared where it stands: of the many fields that nobody asks for, no text is made. */
    static KnownField at(FieldCursor cursor) {
        int length = cursor.nameLength();
        if (length < BY_LENGTH.size()) {
            for (var field : BY_LENGTH.get(length)) {
                if (cursor.isNamed(field.name)) {
                    return field;
                }
            }
        }
        return OTHER;
    }
}
