package org.postern.imap;

import org.postern.database.DatabaseUnavailable;
import org.postern.model.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the operator reads of one session's failures; their messages never reach the client. */
final class SessionLog {
    private static final Logger LOG = LoggerFactory.getLogger(ImapSession.class);

    private final String session;

    SessionLog(String session) {
        this.session = session;
    }

    /** @param what the command, or the news, that the database is missed for */
    void unavailable(DatabaseUnavailable e, String what) {
        LOG.atWarn()
                .addKeyValue("case", new Refusal.Unavailable().caseName())
                .addKeyValue("session", session)
                .addKeyValue("command", what)
                .log("{}", e.getMessage());
    }

    /** A bug. */
    void failed(RuntimeException e, String command) {
        LOG.atError()
                .addKeyValue("session", session)
                .addKeyValue("command", command)
                .setCause(e)
                .log("a command failed");
    }
}
