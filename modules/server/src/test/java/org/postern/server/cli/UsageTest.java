package org.postern.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What the command line says before it does anything: help, and what is wrong with the command. */
final class UsageTest {
    /** What one command said. */
    record Said(int status, String out, String err) {}

    static Stream<List<String>> everyCommand() {
        var all = new ArrayList<List<String>>();
        collect(PosternCommand.commandLine(), List.of(), all);
        return all.stream();
    }

    private static void collect(CommandLine line, List<String> words, List<List<String>> all) {
        all.add(words);
        line.getSubcommands().forEach((name, command) -> {
            var longer = new ArrayList<>(words);
            longer.add(name);
            collect(command, longer, all);
        });
    }

    @ParameterizedTest
    @MethodSource("everyCommand")
    void everyCommandExplainsItself(List<String> command) {
        var words = new ArrayList<>(command);
        words.add("--help");
        var said = run(words.toArray(String[]::new));
        assertThat(said.status()).isZero();
        assertThat(said.out())
                .contains("Usage: "
                        + String.join(
                                " ",
                                Stream.concat(Stream.of("postern"), command.stream())
                                        .toList()))
                .contains("--json", "--data=DIR", "--config=DIR");
    }

    @Test
    void thereIsEveryCommandThatPeopleAreTold() {
        assertThat(everyCommand().map(words -> String.join(" ", words)))
                .contains(
                        "serve",
                        "account add",
                        "account list",
                        "account show",
                        "domain add",
                        "domain list",
                        "mailbox add",
                        "mailbox list",
                        "mailbox pause",
                        "mailbox resume",
                        "mailbox passwd",
                        "mailbox share",
                        "address add",
                        "address set",
                        "address list",
                        "address remove",
                        "import maildir",
                        "import mbox",
                        "import imap",
                        "import forget",
                        "export maildir",
                        "export mbox",
                        "token add",
                        "token list",
                        "token revoke",
                        "plan list",
                        "plan show",
                        "plan check",
                        "plan diff",
                        "plan override set",
                        "plan override list",
                        "plan override remove",
                        "limits show",
                        "queue list",
                        "queue show",
                        "queue retry",
                        "queue hold",
                        "queue release",
                        "queue delete",
                        "connections list",
                        "connections kick",
                        "config check");
    }

    @Test
    void aWrongCommandLineSaysWhatIsWrong() {
        assertThat(run("token", "add", "ann", "--name", "Phone"))
                .isEqualTo(new Said(
                        2,
                        "",
                        "postern: Invalid value for positional parameter at index 0 (ADDRESS): 'ann' is not an email"
                                + " address\nTry 'postern token add --help'.\n"));
        assertThat(run("token", "add", "ann@example.org").err()).contains("Missing required option", "--name=TEXT");
        assertThat(run("token").err()).startsWith("postern: a command is missing: add, list, revoke");
        assertThat(run().status()).isEqualTo(2);
        assertThat(run("tokens").status()).isEqualTo(2);
        assertThat(run("mailbox", "set", "a@b.example").err())
                .startsWith("postern: nothing to change; --help lists what can be chosen");
        assertThat(run("address", "add", "a@b.example", "--to", "c@b.example,d@e.example")
                        .err())
                .startsWith("postern: an address that leads to several has an --owner");
        assertThat(run("mailbox", "share", "a@b.example", "Team", "--with", "c@b.example")
                        .err())
                .startsWith("postern: --rights is missing: none, read, write, full, or letters among lrswipkxtea");
        assertThat(run("mailbox", "share", "a@b.example", "--revoke", "c@b.example")
                        .err())
                .startsWith("postern: FOLDER is missing");
        assertThat(run("mailbox", "share", "a@b.example", "Team", "--rights", "read")
                        .err())
                .startsWith("postern: --rights goes with --with or --deny");
        assertThat(run("mailbox", "share", "a@b.example", "Team", "--with", "c@b.example", "--revoke", "d@b.example")
                        .err())
                .contains("mutually exclusive");
        assertThat(run("mailbox", "share", "a@b.example", "Team", "--with", "c@b.example", "--rights", "lrQ")
                        .err())
                .contains("'lrQ' is not a set of rights: none, read, write, full, or letters");
        assertThat(run("mailbox", "share", "a@b.example", "Team", "--with", "everybody", "--rights", "read")
                        .err())
                .contains("'everybody' is not an email address, or anyone");
        assertThat(run("token", "add", "a@b.example", "--name", "x", "--scope", "imap,ftp")
                        .err())
                .contains("'ftp' is not a protocol (imap, pop3, smtp)");
        assertThat(run("token", "add", "a@b.example", "--name", "x", "--expires", "soon")
                        .err())
                .contains("'soon' is not a duration such as 12h or 90d");
    }

    @Test
    void aCommandMayStandBehindOptions() {
        assertThat(run("--json", "--config", "../../config", "plan", "list").out())
                .startsWith("[{\"plan\":\"agency\"");
        assertThat(run("--help", "plan").out()).contains("  account ", "  plan ", "  serve ");
        assertThat(run("plans", "list").err()).startsWith("postern: Unmatched argument");
    }

    @Test
    void theShippedConfigIsGood() {
        assertThat(run("config", "check", "--config", "../../config"))
                .isEqualTo(new Said(0, "The config is good: 4 plans.\n", ""));
    }

    @Test
    void aBrokenConfigHasItsOwnStatus() {
        var said = run("config", "check", "--config", "target/no-such-folder");
        assertThat(said.status()).isEqualTo(78);
        assertThat(said.err()).isEqualTo("postern: target/no-such-folder/postern.yml: there is no such file\n");
    }

    @Test
    void plansNeedNoDatabase() {
        assertThat(run("plan", "list", "--json", "--config", "../../config").out())
                .startsWith("[{\"plan\":\"agency\",\"sending\":true,\"storage_bytes\":107374182400");
        assertThat(run("plan", "show", "starter", "--config", "../../config").out())
                .contains("imap.per-client-address:", "sending.quotas.account.1h.messages:", "smtp.at-cap:");
        assertThat(run("plan", "show", "pro", "--json", "--config", "../../config")
                        .out())
                .contains("\"sending.quotas.account.1d.messages\":\"15000\"", "\"pop3.login-delay\":\"none\"");
        assertThat(run("plan", "check", "../../config/plans.yml"))
                .isEqualTo(new Said(0, "The file is good: 4 plans.\n", ""));
        assertThat(run("plan", "check", "target/none.yml"))
                .isEqualTo(new Said(78, "", "postern: target/none.yml: there is no such file\n"));
        assertThat(run("plan", "show", "gold", "--config", "../../config"))
                .isEqualTo(new Said(1, "", "postern: there is no plan gold\n"));
    }

    static Said run(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int status = PosternCommand.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Said(status, out.toString(), err.toString());
    }
}
