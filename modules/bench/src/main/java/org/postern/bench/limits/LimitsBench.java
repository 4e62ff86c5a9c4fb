package org.postern.bench.limits;

import static org.postern.bench.Figure.Unit.PER_SECOND;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.postern.bench.Comparison;
import org.postern.bench.Figure;
import org.postern.bench.Figure.Sample;
import org.postern.bench.MeasureOptions;
import org.postern.bench.client.Crowd;
import org.postern.bench.client.ImapClient;
import org.postern.bench.client.SampleMail;
import org.postern.bench.client.SmtpClient;
import org.postern.bench.peer.Measured;
import org.postern.bench.peer.PosternServer;
import org.postern.bench.peer.Scratch;
import org.postern.database.Database;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench limits}. */
@SuppressWarnings("NullAway.Init") // picocli sets what it parses.
@Command(
        name = "limits",
        mixinStandardHelpOptions = true,
        description =
                "What caps and quotas cost: logins and submissions with them and without, and after a long history.")
public final class LimitsBench implements Callable<Integer> {
    private static final int CLIENTS = 8;
    /** So many of both that what PostgreSQL takes to compile and plan the functions that were switched is none of it. */
    private static final int LOGINS_EACH = 400;

    private static final int SUBMISSIONS_EACH = 1_000;
    private static final int SUBMISSIONS_ALONE = 400;
    /** A tenth is what limits may cost. */
    private static final double LEAST = 0.9;

    private static final String PLANS = """
            plans:
              bench:
                imap: {per-client-address: 1000, per-mailbox: 1000}
                pop3: {per-client-address: 100, per-mailbox: 100}
                smtp: {per-client-address: 1000, per-mailbox: 1000}
                storage: {size: 100GB}
                max-message: 100MB
                sending:
                  recipients-per-message: 100
                  quotas:
                    mailbox: {1h: {messages: 50000000}, 1d: {messages: 50000000}}
                    account: {1h: {messages: 50000000}, 1d: {messages: 50000000}}
            """;

    @Option(names = "--scripts", hidden = true, required = true)
    private Path scripts;

    @Mixin
    private MeasureOptions options;

    @Option(
            names = "--events",
            defaultValue = "1000000",
            description = "Of the long history. Default: ${DEFAULT-VALUE}")
    private int events;

    /** The server while its database decides caps and quotas, or does not. */
    private record Deciding(String name, PosternServer server, Limits limits, boolean on) implements Measured {
        @Override
        public Duration cpu() {
            return server.cpu();
        }

        PosternServer switched() {
            limits.decide(on);
            return server;
        }
    }

    /** The server as one mailbox uses it. */
    private record Sender(String name, PosternServer server, int mailbox) implements Measured {
        @Override
        public Duration cpu() {
            return server.cpu();
        }
    }

    @Override
    public Integer call() {
        try (var scratch = new Scratch();
                var server = new PosternServer(scratch, scripts, PLANS, options.programs());
                var database = Database.attach(server.database())) {
            History.add(database, server.login(0).user(), events);
            var limits = new Limits(database);
            var deciding = new Comparison<>(
                    List.of(
                            new Deciding("with limits", server, limits, true),
                            new Deciding("without", server, limits, false)),
                    options,
                    System.out);
            deciding.measure(
                    new Figure<>("logins, 8 connections", PER_SECOND, LEAST, 16, each -> logins(each.switched())));
            deciding.measure(new Figure<>(
                    "submissions of 4 KB, 8 connections", PER_SECOND, LEAST, 3, each -> submissions(each.switched())));
            limits.decide(true);
            var senders = new Comparison<>(
                    List.of(new Sender("many events", server, 0), new Sender("few events", server, 1)),
                    options,
                    System.out);
            senders.measure(new Figure<>("submissions of 4 KB, 1 connection", PER_SECOND, LEAST, LimitsBench::alone));
        }
        return 0;
    }

    private static Sample logins(PosternServer server) {
        double seconds = Crowd.seconds(CLIENTS, number -> {
            for (int i = 0; i < LOGINS_EACH; i++) {
                try (var client = ImapClient.loggedIn(server, number)) {
                    client.command("LOGOUT");
                }
            }
        });
        int logins = CLIENTS * LOGINS_EACH;
        return new Sample(logins / seconds, logins);
    }

    private static Sample submissions(PosternServer server) {
        var clients = new ArrayList<SmtpClient>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(SmtpClient.loggedIn(server, server.login(i)));
        }
        double seconds =
                Crowd.seconds(CLIENTS, number -> submit(server, clients.get(number), number, SUBMISSIONS_EACH));
        clients.forEach(SmtpClient::close);
        int submissions = CLIENTS * SUBMISSIONS_EACH;
        return new Sample(submissions / seconds, submissions);
    }

    private static Sample alone(Sender sender) {
        try (var client = SmtpClient.loggedIn(sender.server, sender.server.login(sender.mailbox))) {
            double seconds =
                    Crowd.seconds(1, number -> submit(sender.server, client, sender.mailbox, SUBMISSIONS_ALONE));
            return new Sample(SUBMISSIONS_ALONE / seconds, SUBMISSIONS_ALONE);
        }
    }

    private static void submit(PosternServer server, SmtpClient client, int mailbox, int count) {
        var address = server.login(mailbox).user();
        for (int n = 0; n < count; n++) {
            client.submit(address, address, SampleMail.body(n));
        }
    }
}
