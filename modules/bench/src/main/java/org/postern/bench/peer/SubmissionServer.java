package org.postern.bench.peer;

/** One that takes messages from those who log in, to its own mailboxes too. */
public sealed interface SubmissionServer extends MailServer permits PosternServer, JamesServer {
    /** The port of submission with TLS from the first byte. */
    int smtps();
}
