package org.postern.bench.pop3;

import static org.postern.bench.Figure.Unit.MEGABYTES_PER_SECOND;
import static org.postern.bench.Figure.Unit.PER_SECOND;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.postern.bench.Comparison;
import org.postern.bench.Figure;
import org.postern.bench.Figure.Sample;
import org.postern.bench.MeasureOptions;
import org.postern.bench.client.Crowd;
import org.postern.bench.client.ImapClient;
import org.postern.bench.client.Pop3Client;
import org.postern.bench.client.SampleMail;
import org.postern.bench.peer.DovecotServer;
import org.postern.bench.peer.MailServer;
import org.postern.bench.peer.MailboxServer;
import org.postern.bench.peer.PosternServer;
import org.postern.bench.peer.Scratch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench pop3}. */
@SuppressWarnings("NullAway.Init") // picocli sets what it parses.
@Command(
        name = "pop3",
        mixinStandardHelpOptions = true,
        description = "POP3 beside Debian's Dovecot: messages of 4 KB, many asked for at once and one after the other.")
public final class Pop3Bench implements Callable<Integer> {
    private static final int CLIENTS = MailServer.MAILBOXES;
    private static final int LOGINS_EACH = 25;
    private static final int FLIGHT = 100;

    private static final String PLANS = """
            plans:
              bench:
                imap: {per-client-address: 1000, per-mailbox: 1000}
                pop3: {per-client-address: 1000, per-mailbox: 1000}
                storage: {size: 100GB}
            """;

    @Option(names = "--scripts", hidden = true, required = true)
    private Path scripts;

    @Mixin
    private MeasureOptions options;

    @Option(names = "--messages", defaultValue = "2000", description = "In the maildrop. Default: ${DEFAULT-VALUE}")
    private int messages;

    @Override
    public Integer call() {
        if (!DovecotServer.isInstalled()) {
            System.err.println("bench: Dovecot is not here: install dovecot-imapd and dovecot-pop3d");
            return 69;
        }
        try (var scratch = new Scratch();
                var postern = new PosternServer(scratch, scripts, PLANS, options.programs());
                var dovecot = new DovecotServer(scratch)) {
            var servers = List.<MailboxServer>of(postern, dovecot);
            servers.forEach(this::fill);
            var comparison = new Comparison<>(servers, options, System.out);
            comparison.measure(new Figure<>("login and quit, 8 connections", PER_SECOND, 0, 130, Pop3Bench::logins));
            comparison.measure(
                    new Figure<>("retr of 4 KB, pipelined", MEGABYTES_PER_SECOND, 1, 60, s -> retrieve(s, FLIGHT)));
            comparison.measure(
                    new Figure<>("retr of 4 KB, one at a time", MEGABYTES_PER_SECOND, 1, 60, s -> retrieve(s, 1)));
        }
        return 0;
    }

    private void fill(MailboxServer server) {
        Crowd.seconds(CLIENTS, number -> {
            try (var client = ImapClient.loggedIn(server, 0)) {
                for (int n = number; n < messages; n += CLIENTS) {
                    client.append("INBOX", SampleMail.message(n));
                }
            }
        });
        Comparison.settle(server);
    }

    private static Sample logins(MailboxServer server) {
        double seconds = Crowd.seconds(CLIENTS, number -> {
            for (int i = 0; i < LOGINS_EACH; i++) {
                Pop3Client.loggedIn(server, 1 + number % (CLIENTS - 1)).close();
            }
        });
        int logins = CLIENTS * LOGINS_EACH;
        return new Sample(logins / seconds, logins);
    }

    private Sample retrieve(MailboxServer server, int flight) {
        try (var client = Pop3Client.loggedIn(server, 0)) {
            long began = System.nanoTime();
            long bytes = client.retrieve(messages, flight);
            return new Sample(bytes / 1e6 / ((System.nanoTime() - began) / 1e9), messages);
        }
    }
}
