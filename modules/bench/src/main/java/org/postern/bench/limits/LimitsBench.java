package org.postern.bench.limits;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.postern.bench.client.Crowd;
import org.postern.bench.client.ImapClient;
import org.postern.bench.client.SampleMail;
import org.postern.bench.client.SmtpClient;
import org.postern.bench.peer.MailServer;
import org.postern.bench.peer.PosternServer;
import org.postern.bench.peer.Scratch;
import org.postern.database.Database;
import picocli.CommandLine.Command;
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
    private static final int LOGINS_EACH = 50;
    private static final int SUBMISSIONS_EACH = 100;

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

    @Option(names = "--rounds", defaultValue = "9", description = "Default: ${DEFAULT-VALUE}")
    private int rounds;

    @Option(
            names = "--events",
            defaultValue = "1000000",
            description = "Of the long history. Default: ${DEFAULT-VALUE}")
    private int events;

    /** What is measured: {@code once} does it {@code count} times. */
    private record Work(String name, int count, Runnable once) {}

    @Override
    public Integer call() {
        try (var scratch = new Scratch();
                var server = new PosternServer(scratch, scripts, PLANS, Optional.empty());
                var database = Database.attach(server.database())) {
            History.add(database, server.login(0).user(), events);
            var limits = new Limits(database);
            var logins = new Work("logins, 8 connections", CLIENTS * LOGINS_EACH, () -> logins(server));
            var sent = new Work(
                    "submissions of 4 KB, 8 connections", CLIENTS * SUBMISSIONS_EACH, () -> submissions(server));
            System.out.printf("%-44s%12s%12s%10s%n", "", "with", "without", "costs");
            for (var work : List.of(logins, sent)) {
                compare(server, work, work, () -> limits.decide(true), () -> limits.decide(false), rounds);
                limits.decide(true);
            }
            System.out.printf("%n%-44s%12s%12s%10s%n", "", "after " + events, "after few", "costs");
            compare(server, alone(server, 0), alone(server, 1), () -> {}, () -> {}, rounds);
        }
        return 0;
    }

    private static void compare(
            MailServer server, Work ours, Work other, Runnable before, Runnable beforeOther, int rounds) {
        var rates = new double[2][rounds];
        var costs = new double[2][rounds];
        for (int round = -2; round < rounds; round++) { // The first two warm up.
            for (int i = 0; i < 2; i++) {
                (i == 0 ? before : beforeOther).run();
                var work = i == 0 ? ours : other;
                var cpu = server.cpu();
                long began = System.nanoTime();
                work.once().run();
                if (round >= 0) {
                    rates[i][round] = work.count() / ((System.nanoTime() - began) / 1e9);
                    costs[i][round] = server.cpu().minus(cpu).toNanos() / 1e3 / work.count();
                }
            }
        }
        double with = median(rates[0]);
        double without = median(rates[1]);
        System.out.printf(
                Locale.ROOT, "%-44s%10.0f/s%10.0f/s%9.1f%%%n", ours.name(), with, without, 100 * (1 - with / without));
        double cpuWith = median(costs[0]);
        double cpuWithout = median(costs[1]);
        System.out.printf(
                Locale.ROOT,
                "%-44s%9.0f µs%9.0f µs%9.1f%%%n",
                "  processor time of each",
                cpuWith,
                cpuWithout,
                100 * (cpuWith / cpuWithout - 1));
    }

    private static double median(double[] values) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static void logins(PosternServer server) {
        Crowd.seconds(CLIENTS, number -> {
            for (int i = 0; i < LOGINS_EACH; i++) {
                try (var client = ImapClient.loggedIn(server, number)) {
                    client.command("LOGOUT");
                }
            }
        });
    }

    private static void submissions(PosternServer server) {
        var clients = new ArrayList<SmtpClient>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(SmtpClient.loggedIn(server, server.login(i)));
        }
        Crowd.seconds(CLIENTS, number -> submit(server, clients.get(number), number, SUBMISSIONS_EACH));
        clients.forEach(SmtpClient::close);
    }

    private static void submit(PosternServer server, SmtpClient client, int mailbox, int count) {
        var address = server.login(mailbox).user();
        for (int n = 0; n < count; n++) {
            client.submit(address, address, SampleMail.body(n));
        }
    }

    private static Work alone(PosternServer server, int mailbox) {
        int count = CLIENTS * SUBMISSIONS_EACH / 2;
        return new Work("submissions of 4 KB, 1 connection", count, () -> {
            try (var client = SmtpClient.loggedIn(server, server.login(mailbox))) {
                submit(server, client, mailbox, count);
            }
        });
    }
}
