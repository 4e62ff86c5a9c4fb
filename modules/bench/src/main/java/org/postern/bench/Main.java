package org.postern.bench;

import org.postern.bench.imap.ImapBench;
import org.postern.bench.limits.LimitsBench;
import org.postern.bench.pop3.Pop3Bench;
import org.postern.bench.smtp.SmtpBench;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code scripts/bench}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        subcommands = {ImapBench.class, Pop3Bench.class, SmtpBench.class, LimitsBench.class},
        description = "Measures Postern as its clients meet it, beside a peer where there is one.")
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main()).execute(arguments));
    }
}
