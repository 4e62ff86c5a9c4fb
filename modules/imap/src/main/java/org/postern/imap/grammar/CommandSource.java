package org.postern.imap.grammar;

import java.io.IOException;
import java.io.OutputStream;

/** Where a command's bytes come from: lines, and counted bytes behind an announced literal (RFC 3501 §2.2.1, §4.3). */
public interface CommandSource {
    /**
     * The next line, without its CRLF.
     *
     * @throws org.postern.net.LineTooLong when the line is longer than {@code maxBytes}
     */
    byte[] line(int maxBytes) throws IOException;

    /** Moves exactly {@code count} bytes. */
    void transfer(long count, OutputStream to) throws IOException;

    /** Sends the command continuation request and makes sure that the client sees it (RFC 3501 §7.5). */
    void invite() throws IOException;
}
