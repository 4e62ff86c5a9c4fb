package org.postern.bench.imap;

import static org.postern.bench.Figure.Unit.KIBIBYTES;
import static org.postern.bench.Figure.Unit.MEGABYTES_PER_SECOND;
import static org.postern.bench.Figure.Unit.MILLISECONDS;
import static org.postern.bench.Figure.Unit.PER_SECOND;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.postern.bench.Comparison;
import org.postern.bench.Figure;
import org.postern.bench.Figure.Sample;
import org.postern.bench.client.Crowd;
import org.postern.bench.client.ImapClient;
import org.postern.bench.client.SampleMail;
import org.postern.bench.client.Watchers;
import org.postern.bench.peer.MailServer;
import org.postern.bench.peer.MailboxServer;

/** The figures of IMAP, over a folder of many messages, and the folders that they need. */
final class ImapFigures {
    private static final int CLIENTS = MailServer.MAILBOXES;
    private static final int LOGINS_EACH = 100;
    private static final int APPENDS_EACH = 500;
    private static final int APPENDS_ALONE = 1_000;
    private static final int SELECTS = 100;
    private static final int NEWS = 10;
    private static final int BODIES = 2_000;
    private static final int LARGE = 50;
    private static final int LARGE_BYTES = 3_000_000;
    private static final int APPENDED = 4_000_000;

    /** What Thunderbird asks of every message of a folder that it opens for the first time. */
    private static final String HEADER_LIST =
            "(UID RFC822.SIZE FLAGS BODY.PEEK[HEADER.FIELDS (From To Cc Bcc Subject Date"
                    + " Message-ID Priority X-Priority References Newsgroups In-Reply-To Content-Type Reply-To)])";

    private final int messages;
    private final int idlers;
    private final int watchers;
    private final AtomicInteger visited = new AtomicInteger();

    /**
     * Over folders of a size.
     *
     * @param messages of the large folder
     * @param idlers idle connections
     * @param watchers who wait for one message
     */
    ImapFigures(int messages, int idlers, int watchers) {
        this.messages = messages;
        this.idlers = idlers;
        this.watchers = watchers;
    }

    /** Fills mailbox 0: INBOX with many messages, Large with large ones; an empty Appended in all. */
    void fill(MailboxServer server) {
        for (int i = 0; i < CLIENTS; i++) {
            try (var client = ImapClient.loggedIn(server, i)) {
                client.command("CREATE Appended");
                client.command("SELECT INBOX"); // Dovecot makes it when it is first used, and by one at a time.
            }
        }
        Crowd.seconds(CLIENTS, number -> {
            try (var client = ImapClient.loggedIn(server, 0)) {
                for (int n = number; n < messages; n += CLIENTS) {
                    client.append("INBOX", SampleMail.message(n));
                }
            }
        });
        try (var client = ImapClient.loggedIn(server, 0)) {
            client.command("CREATE Large");
            for (int n = 0; n < LARGE; n++) {
                client.append("Large", SampleMail.large(n, LARGE_BYTES));
            }
        }
        Comparison.settle(server);
    }

    /** Of servers that have only been filled: in others, what grows with connections is there already. */
    Figure<MailboxServer> first() {
        return new Figure<>("memory of an idle connection", KIBIBYTES, 20, this::idle);
    }

    /** Of servers that forget: what was never asked for before. Not by subject, whose order Dovecot keeps among its flags. */
    List<Figure<MailboxServer>> cold() {
        return List.of(
                cold("fetch 1:* envelope", "FETCH 1:* ENVELOPE", 3),
                cold("fetch 1:* bodystructure", "FETCH 1:* BODYSTRUCTURE", 3),
                cold("fetch 1:* header list of Thunderbird", "UID FETCH 1:* " + HEADER_LIST, 3),
                cold("search body, a rare word", "SEARCH BODY " + SampleMail.RARE, 10),
                cold("search text, a rare word", "SEARCH TEXT " + SampleMail.RARE, 10),
                cold("search body, a frequent word", "SEARCH BODY harbour", 10),
                cold("sort by date, newest first", "SORT (REVERSE DATE) UTF-8 ALL", 10),
                cold("thread by references", "THREAD REFERENCES UTF-8 ALL", 10));
    }

    List<Figure<MailboxServer>> others() {
        var figures = new ArrayList<Figure<MailboxServer>>();
        figures.add(new Figure<>("login and logout, 8 connections", PER_SECOND, 1.5, 130, s -> logins(s, false)));
        figures.add(new Figure<>("login and logout, 8 of 2,000 mailboxes", PER_SECOND, 1.5, 20, s -> logins(s, true)));
        figures.add(new Figure<>("append 4 KB, 8 mailboxes", PER_SECOND, 1.2, s -> appends(s, true)));
        figures.add(new Figure<>("append 4 KB, 8 connections, one mailbox", PER_SECOND, 1.2, s -> appends(s, false)));
        figures.add(new Figure<>("append 4 KB, 1 connection", PER_SECOND, 1, this::appendsAlone));
        figures.add(new Figure<>("select, median", MILLISECONDS, 0, this::selects));
        figures.add(fetch("fetch 1:* (flags uid size)", "FETCH 1:* (FLAGS UID RFC822.SIZE)", 1));
        figures.add(fetch("fetch 1:* envelope", "FETCH 1:* ENVELOPE", 1));
        figures.add(fetch("fetch 1:* bodystructure", "FETCH 1:* BODYSTRUCTURE", 1));
        figures.add(fetch("fetch 1:* header list of Thunderbird", "UID FETCH 1:* " + HEADER_LIST, 1));
        int bodies = Math.min(BODIES, messages);
        figures.add(new Figure<>(bodies + " bodies of 4 KB", MEGABYTES_PER_SECOND, 1, s -> bodies(s, "INBOX", bodies)));
        figures.add(new Figure<>("50 bodies of 3 MB", MEGABYTES_PER_SECOND, 1, s -> bodies(s, "Large", LARGE)));
        figures.add(new Figure<>("store 1:* +flags, -flags", MILLISECONDS, 0, this::stores));
        figures.add(fetch("search body, a rare word", "SEARCH BODY " + SampleMail.RARE, 10));
        figures.add(fetch("search text, a rare word", "SEARCH TEXT " + SampleMail.RARE, 10));
        figures.add(fetch("search body, a frequent word", "SEARCH BODY harbour", 10));
        figures.add(fetch("search subject", "SEARCH SUBJECT \"number 10\"", 1));
        figures.add(fetch("sort by subject", "SORT (SUBJECT) UTF-8 ALL", 1));
        figures.add(fetch("sort by date, newest first", "SORT (REVERSE DATE) UTF-8 ALL", 1));
        figures.add(fetch("thread by references", "THREAD REFERENCES UTF-8 ALL", 1));
        // Dovecot watches folders by inotify, of which a user has 128 instances, and looks every 30 s beyond.
        figures.add(Figure.ours("one appended to " + watchers + " who wait, p99", MILLISECONDS, this::news));
        return figures;
    }

    /** @param visitors one after the other, so that each comes back after seconds; else each connection logs in to one mailbox */
    private Sample logins(MailboxServer server, boolean visitors) {
        double seconds = Crowd.seconds(CLIENTS, number -> {
            for (int i = 0; i < LOGINS_EACH; i++) {
                int visitor = visited.getAndIncrement() % MailboxServer.VISITORS;
                try (var client = ImapClient.loggedIn(server, visitors ? CLIENTS + visitor : number)) {
                    client.command("LOGOUT");
                }
            }
        });
        int logins = CLIENTS * LOGINS_EACH;
        return new Sample(logins / seconds, logins);
    }

    private Sample appends(MailboxServer server, boolean own) {
        var clients = new ArrayList<ImapClient>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(ImapClient.loggedIn(server, own ? i : 1));
        }
        double seconds = Crowd.seconds(CLIENTS, number -> {
            for (int n = 0; n < APPENDS_EACH; n++) {
                clients.get(number).append("Appended", SampleMail.message(APPENDED + n));
            }
        });
        clients.forEach(ImapClient::close);
        int appends = CLIENTS * APPENDS_EACH;
        return new Sample(appends / seconds, appends);
    }

    private Sample appendsAlone(MailboxServer server) {
        try (var client = ImapClient.loggedIn(server, 2)) {
            double seconds = Crowd.seconds(1, number -> {
                for (int n = 0; n < APPENDS_ALONE; n++) {
                    client.append("Appended", SampleMail.message(APPENDED + n));
                }
            });
            return new Sample(APPENDS_ALONE / seconds, APPENDS_ALONE);
        }
    }

    private Sample selects(MailboxServer server) {
        try (var client = ImapClient.loggedIn(server, 0)) {
            var millis = new double[SELECTS];
            for (int i = 0; i < SELECTS; i++) {
                long began = System.nanoTime();
                client.command("SELECT INBOX");
                millis[i] = (System.nanoTime() - began) / 1e6;
            }
            Arrays.sort(millis);
            return new Sample(millis[SELECTS / 2], SELECTS);
        }
    }

    /** One command in INBOX, by the time it takes. */
    private static Figure<MailboxServer> fetch(String name, String command, double must) {
        return new Figure<>(name, MILLISECONDS, must, 40, server -> {
            try (var client = ImapClient.loggedIn(server, 0)) {
                client.command("EXAMINE INBOX");
                return timed(client, command);
            }
        });
    }

    private static Figure<MailboxServer> cold(String name, String command, double must) {
        var warm = fetch(name, command, must);
        return new Figure<>(name + ", cold", MILLISECONDS, must, server -> {
            server.forget();
            return warm.measure().of(server);
        });
    }

    private static Sample timed(ImapClient client, String command) {
        long began = System.nanoTime();
        client.command(command);
        return new Sample((System.nanoTime() - began) / 1e6, 1);
    }

    private static Sample bodies(MailboxServer server, String folder, int count) {
        try (var client = ImapClient.loggedIn(server, 0)) {
            client.command("EXAMINE " + folder);
            long began = System.nanoTime();
            var answer = client.command("FETCH 1:" + count + " BODY.PEEK[]");
            return new Sample(answer.bytes() / 1e6 / ((System.nanoTime() - began) / 1e9), count);
        }
    }

    private Sample stores(MailboxServer server) {
        try (var client = ImapClient.loggedIn(server, 0)) {
            client.command("SELECT INBOX");
            double added = timed(client, "STORE 1:* +FLAGS.SILENT (\\Flagged)").value();
            double removed =
                    timed(client, "STORE 1:* -FLAGS.SILENT (\\Flagged)").value();
            return new Sample((added + removed) / 2, 2);
        }
    }

    /** From an APPEND's begin to the EXISTS at those who wait in IDLE, over several messages. */
    private Sample news(MailboxServer server) {
        try (var waiting = new Watchers(server, 3, "Appended", watchers);
                var writer = ImapClient.loggedIn(server, 3)) {
            Comparison.settle(server); // After a thousand logins.
            var millis = IntStream.range(0, NEWS)
                    .mapToObj(n -> waiting.millisUntilTold(() -> writer.append("Appended", SampleMail.message(n))))
                    .flatMapToDouble(Arrays::stream)
                    .sorted()
                    .toArray();
            return new Sample(millis[millis.length * 99 / 100], millis.length);
        }
    }

    private Sample idle(MailboxServer server) {
        Comparison.settle(server);
        long before = server.memory();
        var clients = new ArrayList<ImapClient>();
        for (int i = 0; i < idlers; i++) {
            var client = ImapClient.loggedIn(server, 4 + i % 4);
            client.command("SELECT INBOX");
            client.idle();
            clients.add(client);
        }
        Comparison.settle(server);
        long grown = server.memory() - before;
        clients.forEach(ImapClient::close);
        return new Sample(grown / 1024.0 / idlers, idlers);
    }
}
