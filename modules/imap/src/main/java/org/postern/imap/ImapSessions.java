package org.postern.imap;

import java.io.IOException;
import org.postern.net.Connection;
import org.postern.net.SessionFactory;

/** Speaks IMAP4rev1 with every client of a listener (RFC 3501). */
public final class ImapSessions implements SessionFactory {
    private final Backend backend;
    private final ImapLimits limits;
    private final CommandTable commands;
    private final CommandMeters meters;

    public ImapSessions(Backend backend, ImapLimits limits) {
        this.backend = backend;
        this.limits = limits;
        this.meters = new CommandMeters(backend.meters());
        this.commands = new CommandTable(backend, limits, meters);
    }

    @Override
    public void run(Connection connection) throws IOException {
        try (var session = new ImapSession(connection, backend, limits, commands, meters)) {
            session.run();
        }
    }
}
