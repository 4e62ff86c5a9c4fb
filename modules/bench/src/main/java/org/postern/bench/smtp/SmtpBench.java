package org.postern.bench.smtp;

import static org.postern.bench.Figure.Unit.MEGABYTES_PER_SECOND;
import static org.postern.bench.Figure.Unit.PER_SECOND;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.postern.bench.Comparison;
import org.postern.bench.Figure;
import org.postern.bench.Figure.Sample;
import org.postern.bench.MeasureOptions;
import org.postern.bench.client.Crowd;
import org.postern.bench.client.SampleMail;
import org.postern.bench.client.SmtpClient;
import org.postern.bench.peer.BareInserts;
import org.postern.bench.peer.JamesServer;
import org.postern.bench.peer.MailServer;
import org.postern.bench.peer.Measured;
import org.postern.bench.peer.PosternServer;
import org.postern.bench.peer.Scratch;
import org.postern.bench.peer.SubmissionServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench smtp}. */
@SuppressWarnings("NullAway.Init") // picocli sets what it parses.
@Command(
        name = "smtp",
        mixinStandardHelpOptions = true,
        description = "Submission to mailboxes that are here, and large DATA beside bare inserts of the same bytes.")
public final class SmtpBench implements Callable<Integer> {
    private static final int CLIENTS = MailServer.MAILBOXES;
    /** James takes messages into memory and delivers them later; ours are committed and there when it is told so. */
    private static final double OF_JAMES = 0.93;
    /** Of what the database takes from a client that does nothing but insert. */
    private static final double OF_INSERTS = 0.8;

    private static final int SUBMISSIONS_EACH = 500;
    private static final int LARGE = 20;
    private static final int LARGE_BYTES = 10_000_000;
    private static final int LARGE_CLIENTS = 2;

    private static final String PLANS = """
            plans:
              bench:
                imap: {per-client-address: 1000, per-mailbox: 1000}
                smtp: {per-client-address: 1000, per-mailbox: 1000}
                storage: {size: 1TB}
                max-message: 100MB
                sending:
                  quotas: {mailbox: {1h: {messages: 50000000}, 1d: {messages: 50000000}}}
            """;

    @Option(names = "--scripts", hidden = true, required = true)
    private Path scripts;

    @Option(
            names = "--james",
            paramLabel = "FOLDER",
            description =
                    "Submission also to Apache James' memory app there, as modules/bench/james/pom.xml fetches it.")
    private Optional<Path> james = Optional.empty();

    @Option(names = "--before", paramLabel = "CLONE", description = "Submission also to that clone of Postern.")
    private Optional<Path> before = Optional.empty();

    @Mixin
    private MeasureOptions options;

    @Override
    public Integer call() {
        var absent = james.filter(folder -> !JamesServer.isIn(folder));
        if (absent.isPresent()) {
            System.err.println("bench: James is not in " + absent.get()
                    + ": mvn -f modules/bench/james/pom.xml package fetches it to modules/bench/james/target/app");
            return 69;
        }
        try (var scratch = new Scratch();
                var postern = new PosternServer(scratch, scripts, PLANS, options.programs());
                var inserts = new BareInserts(postern)) {
            var servers = new ArrayList<SubmissionServer>(List.of(postern));
            try {
                var stores = new ArrayList<Measured>(List.of(postern, inserts));
                before.map(clone -> PosternServer.before(scratch, clone, PLANS)).ifPresent(earlier -> {
                    servers.add(earlier);
                    stores.add(earlier);
                });
                james.ifPresent(folder -> servers.add(new JamesServer(scratch, folder)));
                var comparison = new Comparison<>(servers, options, System.out);
                comparison.measure(
                        new Figure<>("submissions of 4 KB, 8 connections", PER_SECOND, OF_JAMES, 12, SmtpBench::small));
                var storing = new Comparison<>(stores, options, System.out);
                storing.measure(new Figure<>(
                        "DATA of 10 MB, " + LARGE_CLIENTS + " connections",
                        MEGABYTES_PER_SECOND,
                        OF_INSERTS,
                        SmtpBench::large));
            } finally {
                servers.subList(1, servers.size()).forEach(SubmissionServer::close);
            }
        }
        return 0;
    }

    private static Sample small(SubmissionServer server) {
        return submit(server, CLIENTS, SUBMISSIONS_EACH, SampleMail.body(1), 1);
    }

    private static Sample large(Measured store) {
        var bytes = largeBody();
        int each = LARGE / LARGE_CLIENTS;
        return switch (store) {
            case BareInserts inserts ->
                new Sample(LARGE_BYTES / 1e6 * LARGE / inserts.insert(bytes, LARGE_CLIENTS, each), LARGE);
            case SubmissionServer server -> submit(server, LARGE_CLIENTS, each, bytes, LARGE_BYTES / 1e6);
            default -> throw new IllegalArgumentException(store.name());
        };
    }

    /** @param worth of one message in the figure's unit */
    private static Sample submit(SubmissionServer server, int clients, int each, byte[] message, double worth) {
        double seconds = Crowd.seconds(clients, number -> {
            var login = server.login(number);
            try (var client = SmtpClient.loggedIn(server, login)) {
                for (int n = 0; n < each; n++) {
                    client.submit(login.user(), login.user(), message);
                }
            }
        });
        return new Sample(worth * clients * each / seconds, (long) clients * each);
    }

    private static byte[] largeBody() {
        var all = SampleMail.large(1, LARGE_BYTES);
        int from = 0;
        while (all[from] != 'T' || all[from + 1] != 'o' || all[from + 2] != ':') {
            from++; // A client writes its own From in front.
        }
        return Arrays.copyOfRange(all, from, all.length);
    }
}
