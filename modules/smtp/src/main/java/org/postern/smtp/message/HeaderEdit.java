package org.postern.smtp.message;

/** What is done to a header on its way in. */
public interface HeaderEdit {
    /** The fields to begin with, each with its line end. */
    byte[] front(MessageHeader header);

    /**
     * Whether a field does not go on.
     *
     * @param name in lower case
     * @param field as it stands, one character for each byte
     */
    boolean withholds(String name, String field);
}
