package org.postern.bench.peer;

import java.time.Duration;

/** A running mail server with its mailboxes, on loopback. */
public sealed interface MailServer extends AutoCloseable permits PosternServer, DovecotServer, JamesServer {
    /** Mailboxes that every server has. */
    int MAILBOXES = 8;

    String name();

    /** The port of IMAP with TLS from the first byte; 0 where it has none. */
    int imaps();

    /** The same of POP3. */
    int pop3s();

    /** The same of submission. */
    int smtps();

    /** What a client logs in with. */
    Login login(int mailbox);

    /** Processor time of all its processes since they started, its database's included. */
    Duration cpu();

    /** Memory of all its processes that nobody else shares, in bytes (PSS). */
    long memory();

    /** Stops it and starts it again: nothing that it had in memory is left. */
    void restart();

    @Override
    void close();

    record Login(String user, String secret) {
        @Override
        public String toString() {
            return user;
        }
    }
}
