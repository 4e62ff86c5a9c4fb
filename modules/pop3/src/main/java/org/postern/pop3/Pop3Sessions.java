package org.postern.pop3;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.james.protocols.api.ProtocolConfiguration;
import org.apache.james.protocols.api.handler.ProtocolHandler;
import org.postern.accounts.CurrentPlans;
import org.postern.accounts.Logins;
import org.postern.accounts.sasl.Sasl;
import org.postern.line.CommandMeter;
import org.postern.line.LineSessions;
import org.postern.mailstore.Contents;
import org.postern.mailstore.FolderFeed;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.Pop3View;
import org.postern.model.HelpLine;
import org.postern.model.Protocol;
import org.postern.net.Connection;
import org.postern.net.SessionFactory;

/** POP3 on our connections: RFC 1939, 2449 (CAPA), 2595 (STLS), 3206 (response codes), 5034 (SASL), 6856 (UTF8). */
public final class Pop3Sessions implements SessionFactory {
    private final LineSessions<Pop3Session> sessions;

    public Pop3Sessions(
            Logins logins,
            Sasl sasl,
            CurrentPlans plans,
            FolderTree tree,
            FolderFeed feed,
            Pop3View view,
            Contents contents,
            Pop3Limits limits,
            HelpLine help,
            MeterRegistry registry) {
        var refusals = new Pop3Refusals(help);
        var meter = new CommandMeter(Protocol.POP3, registry);
        var login = new Login(logins, tree, feed, view);
        var commands = List.of(
                new Capa(sasl, plans),
                new Stls(),
                new User(),
                new Pass(login),
                new Auth(sasl, login, limits),
                new Utf8(),
                new Stat(),
                Listing.sizes(),
                Listing.uniqueIds(),
                new Retr(contents),
                new Top(contents),
                new Dele(),
                new Rset(),
                new Noop(),
                new Quit(view));
        Map<String, Pop3State> states =
                commands.stream().collect(Collectors.toUnmodifiableMap(Pop3Command::verb, Pop3Command::state));
        var handlers = new ArrayList<ProtocolHandler>(commands);
        handlers.add(new Greeting());
        this.sessions = new LineSessions<>(
                transport -> new Pop3Session(transport, new Configuration(), states, refusals, meter),
                handlers,
                limits.line());
    }

    @Override
    public void run(Connection connection) throws IOException {
        sessions.run(connection);
    }

    /** What James' sessions want to be told; our greeting says what is said. */
    private record Configuration() implements ProtocolConfiguration {
        @Override
        public String getGreeting() {
            return "";
        }

        @Override
        public String getSoftwareName() {
            return "Postern";
        }

        @Override
        public String getHelloName() {
            return "";
        }
    }
}
