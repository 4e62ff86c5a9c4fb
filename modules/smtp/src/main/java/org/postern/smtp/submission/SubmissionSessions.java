package org.postern.smtp.submission;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import org.apache.james.protocols.api.handler.ProtocolHandler;
import org.apache.james.protocols.smtp.core.ExpnCmdHandler;
import org.apache.james.protocols.smtp.core.NoopCmdHandler;
import org.apache.james.protocols.smtp.core.RsetCmdHandler;
import org.postern.accounts.AbuseWatch;
import org.postern.accounts.Senders;
import org.postern.accounts.event.Events;
import org.postern.accounts.sasl.Sasl;
import org.postern.delivery.Recipients;
import org.postern.delivery.Submissions;
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

/** Speaks submission with every client of ports 465 and 587 (RFC 6409, RFC 8314): the one chain of handlers that all sessions share. */
public final class SubmissionSessions implements SessionFactory {
    private static final Logger LOG = LoggerFactory.getLogger(SubmissionSessions.class);

    private final LineSessions<SubmissionSession> sessions;

    public SubmissionSessions(
            SubmissionSettings settings,
            Sasl sasl,
            Senders senders,
            Recipients recipients,
            Submissions submissions,
            AbuseWatch abuse,
            Events events,
            MeterRegistry registry,
            InstantSource clock,
            SecureRandom random) {
        var replies = new Replies(settings.help());
        var meter = new CommandMeter(Protocol.SMTP, registry);
        var configuration = new SmtpConfiguration(settings.host());
        var trace = new TraceFields(settings, clock, random);
        var acceptor = new Acceptor(submissions, new SenderCheck(senders), trace, settings);
        List<ProtocolHandler> handlers = List.of(
                new Greeter("ESMTP"),
                new EhloHandler(List.of("EHLO", "HELO")),
                new MailHandler(senders, settings, clock),
                new RcptHandler(recipients, abuse),
                new DataHandler<>(acceptor),
                new BdatHandler<>(acceptor),
                new StartTlsHandler(),
                new AuthHandler(sasl, settings.limits()),
                new VrfyHandler(),
                new HelpHandler(
                        settings.help().after("Log in with your full email address and a client token, then send.")),
                new QuitHandler(),
                // James' own, for they only need to be polite.
                new RsetCmdHandler(),
                new NoopCmdHandler(),
                new ExpnCmdHandler());
        this.sessions = new LineSessions<>(
                transport -> new SubmissionSession(
                        transport,
                        configuration,
                        replies,
                        meter,
                        settings.spools().maxBytes(),
                        events,
                        clock,
                        LOG),
                handlers,
                settings.limits().lines());
    }

    @Override
    public void run(Connection connection) throws IOException {
        sessions.run(connection);
    }
}
