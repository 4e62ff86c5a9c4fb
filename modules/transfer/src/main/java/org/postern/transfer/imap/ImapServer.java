package org.postern.transfer.imap;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The server that mail is read from, and who reads it.
 *
 * @param startTls the port begins in clear, and demands STARTTLS; else TLS is there from the first byte
 * @param trust how its certificate is checked
 */
public record ImapServer(String host, int port, boolean startTls, Trust trust, String user, String secret) {
    public static final int IMAPS = 993;
    public static final int IMAP = 143;

    /**
     * What its certificate must be.
     *
     * @param authorities PEM certificates; empty: those that this machine trusts
     * @param anything no check at all
     */
    public record Trust(Optional<Path> authorities, boolean anything) {}

    /** Without the secret. */
    @Override
    public String toString() {
        return user + " at " + host + ":" + port;
    }
}
