package org.postern.bench.peer;

import java.time.Duration;

/** A running mail server with its mailboxes, on loopback. */
public sealed interface MailServer extends AutoCloseable permits MailboxServer, SubmissionServer {
    /** Mailboxes that every server has. */
    int MAILBOXES = 8;

    String name();

    /** What a client logs in with. */
    Login login(int mailbox);

    /** Processor time of all its processes since they started, its database's included. */
    Duration cpu();

    @Override
    void close();

    record Login(String user, String secret) {
        @Override
        public String toString() {
            return user;
        }
    }
}
