package org.postern.bench.imap;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.postern.bench.Comparison;
import org.postern.bench.MeasureOptions;
import org.postern.bench.peer.DovecotServer;
import org.postern.bench.peer.MailboxServer;
import org.postern.bench.peer.PosternServer;
import org.postern.bench.peer.Scratch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench imap}. */
@SuppressWarnings("NullAway.Init") // picocli sets what it parses.
@Command(
        name = "imap",
        mixinStandardHelpOptions = true,
        description = "IMAP beside Debian's Dovecot: the same client, messages and kind of key; medians and ratios.")
public final class ImapBench implements Callable<Integer> {
    private static final String PLANS = """
            plans:
              bench:
                imap: {per-client-address: 10000, per-mailbox: 10000}
                pop3: {per-client-address: 100, per-mailbox: 100}
                smtp: {per-client-address: 1000, per-mailbox: 1000}
                storage: {size: 100GB}
                max-message: 100MB
                sending: {recipients-per-message: 100}
            """;

    @Option(names = "--scripts", hidden = true, required = true)
    private Path scripts;

    @Mixin
    private MeasureOptions options;

    @Option(
            names = "--messages",
            defaultValue = "20000",
            description = "In the large folder. Default: ${DEFAULT-VALUE}")
    private int messages;

    @Option(names = "--idle", defaultValue = "5000", description = "Connections in IDLE. Default: ${DEFAULT-VALUE}")
    private int idlers;

    @Option(names = "--alone", description = "Only Postern.")
    private boolean alone;

    @Option(names = "--before", paramLabel = "CLONE", description = "Beside that clone of Postern, instead of Dovecot.")
    private Optional<Path> before = Optional.empty();

    @Override
    public Integer call() {
        if (!alone && before.isEmpty() && !DovecotServer.isInstalled()) {
            System.err.println(
                    "bench: Dovecot is not here: install dovecot-imapd and dovecot-pop3d, or measure Postern --alone");
            return 69;
        }
        var figures = new ImapFigures(messages, idlers, Math.min(idlers, 1_000));
        var first = figures.first();
        if (options.asksFor(first)) {
            measure(figures, PosternServer::new, comparison -> comparison.measureOnce(first));
        }
        var cold = figures.cold().stream().filter(options::asksFor).toList();
        if (!cold.isEmpty()) {
            measure(figures, PosternServer::forgetful, comparison -> cold.forEach(comparison::measure));
        }
        var others = figures.others().stream().filter(options::asksFor).toList();
        if (!others.isEmpty()) {
            measure(figures, PosternServer::new, comparison -> others.forEach(comparison::measure));
        }
        return 0;
    }

    @FunctionalInterface
    private interface Ours {
        PosternServer start(Scratch scratch, Path scripts, String plans, Optional<Path> programs);
    }

    /** On servers of their own. */
    private void measure(ImapFigures figures, Ours ours, Consumer<Comparison<MailboxServer>> measuring) {
        try (var scratch = new Scratch();
                var postern = ours.start(scratch, scripts, PLANS, options.programs())) {
            if (alone) {
                measure(List.of(postern), figures, measuring);
            } else {
                try (var peer = peer(scratch)) {
                    measure(List.of(postern, peer), figures, measuring);
                }
            }
        }
    }

    private void measure(
            List<MailboxServer> servers, ImapFigures figures, Consumer<Comparison<MailboxServer>> measuring) {
        servers.forEach(figures::fill);
        measuring.accept(new Comparison<>(servers, options, System.out));
    }

    private MailboxServer peer(Scratch scratch) {
        return before.isPresent() ? PosternServer.before(scratch, before.get(), PLANS) : new DovecotServer(scratch);
    }
}
