package org.postern.bench.peer;

/** One whose mailboxes are read and filled by IMAP and POP3. */
public sealed interface MailboxServer extends MailServer permits PosternServer, DovecotServer {
    /** Mailboxes behind the {@link #MAILBOXES} in which nothing ever is. */
    int VISITORS = 2_000;

    /** The port of IMAP with TLS from the first byte. */
    int imaps();

    /** The same of POP3. */
    int pop3s();

    /** Whatever it has kept of messages to answer sooner is gone: their folder has not been opened before. */
    void forget();

    /** Memory of all its processes that nobody else shares, in bytes (PSS). */
    long memory();
}
