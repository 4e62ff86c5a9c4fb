package org.postern.smtp.inbound;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.james.protocols.api.handler.ProtocolHandler;
import org.apache.james.protocols.smtp.core.ExpnCmdHandler;
import org.apache.james.protocols.smtp.core.NoopCmdHandler;
import org.apache.james.protocols.smtp.core.RsetCmdHandler;
import org.postern.delivery.Arrivals;
import org.postern.delivery.Recipients;
import org.postern.delivery.inbound.Inspection;
import org.postern.line.CommandMeter;
import org.postern.line.LineSessions;
import org.postern.model.Protocol;
import org.postern.net.Connection;
import org.postern.net.SessionFactory;
import org.postern.smtp.BdatHandler;
import org.postern.smtp.DataHandler;
import org.postern.smtp.EhloHandler;
import org.postern.smtp.Greeter;
import org.postern.smtp.HelpHandler;
import org.postern.smtp.QuitHandler;
import org.postern.smtp.Replies;
import org.postern.smtp.SmtpConfiguration;
import org.postern.smtp.StartTlsHandler;
import org.postern.smtp.VrfyHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Speaks with other servers: the one chain of handlers that all sessions of a protocol share. AUTH is not among them. */
public final class InboundSessions implements SessionFactory {
    private static final Logger LOG = LoggerFactory.getLogger(InboundSessions.class);

    private final LineSessions<InboundSession> sessions;

    private InboundSessions(
            InboundProtocol protocol,
            InboundSettings settings,
            Recipients recipients,
            Arrivals arrivals,
            Inspection inspection,
            MeterRegistry registry,
            InstantSource clock) {
        var taker = new ArrivalTaker(arrivals, inspection, settings, clock);
        var handlers = new ArrayList<ProtocolHandler>(List.of(
                new Greeter(protocol == InboundProtocol.LMTP ? "LMTP" : "ESMTP"),
                new EhloHandler(protocol.greetings()),
                new InboundMailHandler(settings.limits(), clock),
                new InboundRcptHandler(recipients, settings),
                new DataHandler<>(taker),
                new BdatHandler<>(taker),
                new StartTlsHandler(),
                new VrfyHandler(),
                new HelpHandler("This server takes mail for its own domains."),
                new QuitHandler(),
                // James' own, for they only need to be polite.
                new RsetCmdHandler(),
                new NoopCmdHandler(),
                new ExpnCmdHandler()));
        var replies = new Replies(settings.help());
        var meter = new CommandMeter(Protocol.SMTP, registry);
        var configuration = new SmtpConfiguration(settings.host());
        this.sessions = new LineSessions<>(
                transport ->
                        new InboundSession(transport, protocol, settings.limits(), configuration, replies, meter, LOG),
                handlers,
                settings.limits().lines());
    }

    /** For a mail edge that is known. */
    public static InboundSessions lmtp(
            InboundSettings settings,
            Recipients recipients,
            Arrivals arrivals,
            Inspection inspection,
            MeterRegistry registry,
            InstantSource clock) {
        return new InboundSessions(InboundProtocol.LMTP, settings, recipients, arrivals, inspection, registry, clock);
    }

    /** For the world. */
    public static InboundSessions mx(
            InboundSettings settings,
            Recipients recipients,
            Arrivals arrivals,
            Inspection inspection,
            MeterRegistry registry,
            InstantSource clock) {
        return new InboundSessions(InboundProtocol.MX, settings, recipients, arrivals, inspection, registry, clock);
    }

    @Override
    public void run(Connection connection) throws IOException {
        sessions.run(connection);
    }
}
