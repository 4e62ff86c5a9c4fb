package org.postern.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.postern.bench.peer.Measured;

/**
 * Measures figures on all servers alternately, so that what disturbs the machine disturbs them alike, and prints medians. What the
 * client takes of the processors for each operation is printed too: where that is more than the servers take, they are compared by
 * what they take.
 */
public final class Comparison<S extends Measured> {
    private static final OperatingSystemMXBean CLIENT =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    /** The width of those of one server. */
    private static final int COLUMNS = 27;

    private static final Duration QUIET = Duration.ofMillis(500);
    private static final Duration QUIET_AT_MOST = Duration.ofMinutes(5);

    private final List<S> servers;
    private final MeasureOptions options;
    private final PrintStream out;
    private boolean headed;

    /** @param servers ours first */
    public Comparison(List<S> servers, MeasureOptions options, PrintStream out) {
        this.servers = List.copyOf(servers);
        this.options = options;
        this.out = out;
    }

    /** Warms up, then the rounds; prints one line, the first time with a header. Does nothing for a figure that is not asked for. */
    public void measure(Figure<S> figure) {
        if (options.asksFor(figure)) {
            var measured = figure.compared() ? servers : servers.subList(0, 1);
            for (int i = 0; i < options.warmUps(figure); i++) {
                measured.forEach(figure.measure()::of); // All alike: their mailboxes grow by it.
            }
            measure(figure, measured, options.rounds());
        }
    }

    /** The same of what a server shows once. */
    public void measureOnce(Figure<S> figure) {
        if (options.asksFor(figure)) {
            measure(figure, servers, 1);
        }
    }

    private void measure(Figure<S> figure, List<S> measured, int rounds) {
        var values = new double[measured.size()][rounds];
        var costs = new double[measured.size()][rounds];
        var clients = new double[measured.size() * rounds];
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < measured.size(); i++) {
                var server = measured.get(i);
                servers.forEach(Comparison::settle); // One's work afterwards is not to slow another one down.
                var before = server.cpu();
                long client = CLIENT.getProcessCpuTime();
                var sample = figure.measure().of(server);
                clients[i * rounds + round] = (CLIENT.getProcessCpuTime() - client) / 1e3 / sample.operations();
                values[i][round] = sample.value();
                costs[i][round] = server.cpu().minus(before).toNanos() / 1e3 / sample.operations();
            }
        }
        if (!headed) {
            header();
        }
        print(figure, medians(values), medians(costs), median(clients));
    }

    private void header() {
        headed = true;
        var line = new StringBuilder(String.format(Locale.ROOT, "%-48s", "figure"));
        for (var server : servers) {
            line.append(String.format(Locale.ROOT, "%14s %12s", server.name(), "µs CPU each"));
        }
        line.append(String.format(Locale.ROOT, "%12s", "client µs"));
        out.println(line.append(servers.size() > 1 ? "   ratio  CPU ratio  must reach" : ""));
    }

    private void print(Figure<?> figure, double[] values, double[] costs, double client) {
        var line = new StringBuilder(String.format(Locale.ROOT, "%-48s", figure.name()));
        for (int i = 0; i < values.length; i++) {
            line.append(String.format(Locale.ROOT, "%14s %12.1f", number(values[i]) + " " + figure.unit(), costs[i]));
        }
        line.append(" ".repeat(COLUMNS * (servers.size() - values.length)));
        line.append(String.format(Locale.ROOT, "%12.1f", client));
        if (values.length > 1) {
            boolean measurable = costs[0] > 0 && costs[1] > 0; // Processor time is counted in ticks of 10 ms.
            line.append(String.format(Locale.ROOT, "%8.2f", figure.unit().ratio(values[0], values[1])));
            line.append(measurable ? String.format(Locale.ROOT, " %10.2f", costs[1] / costs[0]) : " ".repeat(10) + '-');
            line.append(figure.must() == 0 ? "" : String.format(Locale.ROOT, "%12.2f", figure.must()));
        }
        out.println(line);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 1_000 ? "%.1f" : "%.0f", value);
    }

    private static double[] medians(double[][] samples) {
        return Arrays.stream(samples).mapToDouble(Comparison::median).toArray();
    }

    private static double median(double[] samples) {
        var sorted = samples.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** Waits until the server does nothing any more, such as indexing what has arrived. */
    public static void settle(Measured server) {
        long deadline = System.nanoTime() + QUIET_AT_MOST.toNanos();
        while (System.nanoTime() < deadline) {
            var before = server.cpu();
            LockSupport.parkNanos(QUIET.toNanos());
            if (server.cpu().minus(before).toMillis() <= QUIET.toMillis() / 20) {
                return;
            }
        }
        throw new IllegalStateException(server.name() + " does not come to rest");
    }
}
