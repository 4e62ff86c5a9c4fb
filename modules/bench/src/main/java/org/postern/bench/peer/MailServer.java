package org.postern.bench.peer;

/** A running mail server with its mailboxes, on loopback. */
public sealed interface MailServer extends Measured, AutoCloseable permits MailboxServer, SubmissionServer {
    /** Mailboxes that every server has. */
    int MAILBOXES = 8;

    /**
     * What a client logs in with.
     *
     * @param mailbox one of {@link #MAILBOXES}; of a {@link MailboxServer}, also one of its visitors behind them
     */
    Login login(int mailbox);

    @Override
    void close();

    record Login(String user, String secret) {
        @Override
        public String toString() {
            return user;
        }
    }
}
