package org.postern.bench.peer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postern.database.Database;
import org.postern.database.DatabaseSettings;
import org.postern.database.EmbeddedSettings;
import org.postern.database.RunningPostgres;

/** Postern as {@code scripts/serve} runs it, with its embedded PostgreSQL. */
public final class PosternServer implements MailboxServer, SubmissionServer {
    private static final String CELL = "cell1"; // The default of config.
    private static final Duration START = Duration.ofMinutes(5);

    private final String name;
    private final Path scripts;
    private final Path config;
    private final Path data;
    private final Path log;
    private final int imaps = Scratch.freePort();
    private final int pop3s = Scratch.freePort();
    private final int smtps = Scratch.freePort();
    private final List<String> tokens = new ArrayList<>();
    private final Process process;

    /**
     * @param scripts of the clone that is measured
     * @param plans as in plans.yml, with one called {@code bench}
     * @param programs of PostgreSQL, where not its own
     */
    public PosternServer(Scratch scratch, Path scripts, String plans, Optional<Path> programs) {
        this("Postern", scratch, scripts, plans, programs, "");
    }

    private PosternServer(
            String name, Scratch scratch, Path scripts, String plans, Optional<Path> programs, String more) {
        this.name = name;
        this.scripts = scripts;
        var folder = scratch.folder(name);
        this.config = scratch.folder(name + "/config");
        this.data = folder.resolve("data");
        this.log = folder.resolve("server.log");
        Scratch.write(config.resolve("plans.yml"), plans);
        Scratch.write(config.resolve("postern.yml"), """
                listeners:
                  imaps: {port: %d, bind: 127.0.0.1}
                  pop3s: {port: %d, bind: 127.0.0.1}
                  smtps: {port: %d, bind: 127.0.0.1}
                  submission: {port: 0, bind: 127.0.0.1}
                tls: {certificates: [{chain: %s, key: %s}]}
                console: {port: 0}
                connections: {unauthenticated-per-network: 10000, max: 20000}
                log: {level: warn}
                %s
                %s
                """.formatted(
                imaps,
                pop3s,
                smtps,
                scratch.chain(),
                scratch.key(),
                programs.map(where -> "database: {programs: " + where + "}").orElse(""),
                more));
        this.process = start();
        for (int i = 0; i < MAILBOXES; i++) {
            postern("account", "add", "Bench " + i, "--plan", "bench");
            postern("domain", "add", domain(i), "--account", "Bench " + i);
            postern("mailbox", "add", user(i));
            tokens.add(postern("token", "add", user(i), "--name", "bench")
                    .lines()
                    .reduce((first, last) -> last)
                    .orElseThrow());
        }
        addVisitors();
    }

    /** More than the administrator's commands make in a benchmark's time: as they make one, with the token of mailbox 0 but for its secret. */
    private void addVisitors() {
        try (var database = Database.attach(database())) {
            database.transact(
                    tx -> tx.update("""
                    WITH made AS (
                        INSERT INTO mailbox (mailbox_id, account_id, address)
                        SELECT nextval('directory.mailbox_id'), m.account_id, 'v' || n || '@' || ?
                          FROM mailbox m, generate_series(?, ?) n WHERE m.address = ?
                        RETURNING mailbox_id, split_part(address, '@', 1) AS name),
                    addressed AS (
                        INSERT INTO directory.address (domain, local_part, mailbox_id) SELECT ?, name, mailbox_id FROM made)
                    INSERT INTO client_token OVERRIDING SYSTEM VALUE
                    SELECT copy.*
                      FROM made, client_token t JOIN mailbox m USING (mailbox_id),
                           jsonb_populate_record(t, jsonb_build_object(
                               'token_id', nextval(pg_get_serial_sequence('client_token', 'token_id')),
                               'mailbox_id', made.mailbox_id,
                               'secret_sha256', sha256(convert_to(made.name, 'UTF8')))) copy
                     WHERE m.address = ?
                    """, domain(0), MAILBOXES, MAILBOXES + VISITORS - 1, user(0), domain(0), user(0)));
        }
    }

    /** Another state of Postern, to measure a change by. */
    public static PosternServer before(Scratch scratch, Path clone, String plans) {
        var scripts = clone.resolve("scripts").toAbsolutePath();
        return new PosternServer("before", scratch, scripts, plans, Optional.empty(), "");
    }

    /** One that keeps nothing of messages in memory. */
    public static PosternServer forgetful(Scratch scratch, Path scripts, String plans, Optional<Path> programs) {
        return new PosternServer("Postern", scratch, scripts, plans, programs, "message-cache: 0");
    }

    private static String user(int mailbox) {
        return "u@" + domain(mailbox);
    }

    private static String domain(int mailbox) {
        return "bench" + mailbox + ".example";
    }

    /** @return what the administrator's command printed */
    public String postern(String... arguments) {
        var line = new ArrayList<String>();
        line.add(scripts.resolve("postern").toString());
        line.addAll(List.of(arguments));
        line.addAll(List.of("--config", config.toString(), "--data", data.toString()));
        return Processes.run(line);
    }

    private Process start() {
        return Processes.startUntil(
                "Postern is ready",
                START,
                log,
                List.of(scripts.resolve("serve").toString(), "--config", config.toString(), "--data", data.toString()));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int imaps() {
        return imaps;
    }

    @Override
    public int pop3s() {
        return pop3s;
    }

    @Override
    public int smtps() {
        return smtps;
    }

    /** How to reach its database. */
    public DatabaseSettings database() {
        return RunningPostgres.find(EmbeddedSettings.in(data.resolve("postgres")), CELL)
                .orElseThrow();
    }

    /** There is nothing where it is {@link #forgetful}; else it remembers on. */
    @Override
    public void forget() {}

    @Override
    public Login login(int mailbox) {
        return mailbox < MAILBOXES
                ? new Login(user(mailbox), tokens.get(mailbox))
                : new Login("v" + mailbox + '@' + domain(0), "v" + mailbox);
    }

    @Override
    public Duration cpu() {
        return Processes.cpu(process.toHandle());
    }

    @Override
    public long memory() {
        return Processes.memory(process.toHandle());
    }

    @Override
    public void close() {
        Processes.stop(process);
    }
}
