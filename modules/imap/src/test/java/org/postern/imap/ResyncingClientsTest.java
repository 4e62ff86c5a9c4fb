package org.postern.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.mailstore.StoreInvariants;
import org.postern.testkit.TlsClient;

/**
 * Random commands of several clients on one folder, whose connections break at any moment. Each keeps what it was told over
 * its connections and resynchronises with QRESYNC; in the end it must know what is, flag by flag (RFC 7162 §3.2).
 */
class ResyncingClientsTest {
    private static final int CLIENTS = 3;
    private static final int COMMANDS = 60;
    private static final List<String> FLAGS = List.of("\\Seen", "\\Flagged", "\\Deleted", "work");

    @RegisterExtension
    static final ImapServer IMAP = new ImapServer();

    @RepeatedTest(4)
    @DisplayName("RFC 7162 §3.2: clients at random, their connections breaking, know after resynchronising what is")
    void random() throws InterruptedException, ExecutionException {
        long seed = new Random().nextLong();
        var person = IMAP.person().withMessages(6);
        var clients = new ArrayList<Resyncing>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(new Resyncing(person, new Random(seed + i), seed));
            }
            for (var running :
                    clients.stream().map(c -> threads.submit(c::live)).toList()) {
                running.get();
            }
        }
        for (var client : clients) {
            client.reconnect();
            client.greetNewcomers();
            assertThat(client.flags).as(client::story).isEqualTo(client.truth());
            client.connection.close();
        }
        assertThat(StoreInvariants.violations(IMAP.database())).isEmpty();
    }

    private static final class Resyncing {
        private static final Pattern FETCH =
                Pattern.compile("\\* \\d+ FETCH \\(UID (\\d+)(?: FLAGS \\(([^)]*)\\))?(?: MODSEQ \\((\\d+)\\))?\\)");
        private static final Pattern VANISHED = Pattern.compile("\\* VANISHED (?:\\(EARLIER\\) )?([0-9,:]+)");
        private static final Pattern VALIDITY = Pattern.compile("\\* OK \\[UIDVALIDITY (\\d+)].*");
        private static final Pattern HIGHEST = Pattern.compile(".* OK \\[HIGHESTMODSEQ (\\d+)].*");

        private final ImapServer.Person person;
        private final Random random;
        private final long seed;
        private final List<String> log = new ArrayList<>();
        /** What it keeps over its connections. */
        private final TreeMap<Long, Set<String>> flags = new TreeMap<>();

        private long validity;
        private long highest;
        private long newest;
        /** Up to this UID it has asked for every message: the answer to QRESYNC may name later ones and leave out those before. */
        private long greetedTo;

        private boolean newcomers;
        private TlsClient connection;
        private int tags;

        Resyncing(ImapServer.Person person, Random random, long seed) {
            this.person = person;
            this.random = random;
            this.seed = seed;
            this.connection = person.loggedIn();
            open();
        }

        private void open() {
            say("ENABLE QRESYNC");
            if (validity == 0) {
                say("SELECT INBOX");
                say("UID FETCH 1:* (FLAGS MODSEQ)");
                greetedTo = newest;
            } else {
                say("SELECT INBOX (QRESYNC (" + validity + ' ' + highest + "))");
                newcomers = true;
            }
        }

        void reconnect() {
            log.add("-- the connection breaks");
            connection.close();
            connection = person.loggedIn();
            open();
        }

        boolean live() {
            for (int i = 0; i < COMMANDS; i++) {
                one();
            }
            return true;
        }

        /** As every client does: a modseq says nothing of messages that it was never told of. */
        void greetNewcomers() {
            if (newcomers) {
                newcomers = false;
                say("UID FETCH " + (greetedTo + 1) + ":* (FLAGS MODSEQ)");
                greetedTo = newest;
            }
        }

        private void one() {
            greetNewcomers();
            long uid = flags.isEmpty() ? 1 : pick();
            var flag = FLAGS.get(random.nextInt(FLAGS.size()));
            switch (random.nextInt(12)) {
                case 0, 1 -> say("APPEND INBOX (" + flag + ") {1+}\r\nx");
                case 2 -> say("NOOP");
                case 3 -> say("EXPUNGE");
                case 4 -> say("FETCH 1:* (UID FLAGS MODSEQ)");
                case 5 -> say("UID MOVE " + uid + " Archive");
                case 6 -> reconnect();
                case 7 -> {
                    // Its reply is never read.
                    connection.sendLine("lost UID STORE " + uid + " +FLAGS (" + flag + ')');
                    reconnect();
                }
                case 8 -> say("UID FETCH 1:* (FLAGS) (CHANGEDSINCE " + highest + " VANISHED)");
                default -> store(uid, flag);
            }
        }

        private long pick() {
            int at = random.nextInt(flags.size());
            return flags.keySet().stream().skip(at).findFirst().orElseThrow();
        }

        /** Silent: the client believes in its own change at once, as far as it knows of the message. */
        private void store(long uid, String flag) {
            boolean add = random.nextBoolean();
            boolean silent = random.nextBoolean();
            var known = flags.get(uid);
            if (silent && known != null) {
                if (add) {
                    known.add(flag);
                } else {
                    known.remove(flag);
                }
            }
            say("UID STORE " + uid + ' ' + (add ? '+' : '-') + "FLAGS" + (silent ? ".SILENT" : "") + " (" + flag + ')');
        }

        /** What was seen of modseqs counts when the command is done, unless the server says how far it may count (§3.2). */
        private void say(String command) {
            var tag = "t" + ++tags;
            log.add(tag + ' ' + command + "   (known to " + highest + ')');
            connection.send(tag + ' ' + command + "\r\n");
            long seen = highest;
            long allowed = -1;
            while (true) {
                var line = connection.readLine();
                log.add(line);
                var told = HIGHEST.matcher(line);
                if (told.matches()) {
                    allowed = Long.parseLong(told.group(1));
                }
                if (line.startsWith(tag + ' ')) {
                    assertThat(line).as(this::story).doesNotContain("BAD").doesNotContain("SERVERBUG");
                    highest = allowed >= 0 ? allowed : seen;
                    return;
                }
                seen = Math.max(seen, learn(line));
            }
        }

        /** @return the modseq in the line, or 0 */
        private long learn(String line) {
            var valid = VALIDITY.matcher(line);
            if (valid.matches()) {
                validity = Long.parseLong(valid.group(1));
            }
            var vanished = VANISHED.matcher(line);
            if (vanished.matches()) {
                for (var range : vanished.group(1).split(",", -1)) {
                    var ends = range.split(":", -1);
                    flags.subMap(Long.valueOf(ends[0]), true, Long.valueOf(ends[ends.length - 1]), true)
                            .clear();
                }
            }
            newcomers |= line.endsWith(" EXISTS");
            var fetch = FETCH.matcher(line);
            if (!fetch.matches()) {
                return 0;
            }
            newest = Math.max(newest, Long.parseLong(fetch.group(1)));
            if (fetch.group(2) != null) {
                flags.put(Long.valueOf(fetch.group(1)), setOf(fetch.group(2)));
            }
            return fetch.group(3) == null ? 0 : Long.parseLong(fetch.group(3));
        }

        private static Set<String> setOf(String list) {
            var set = new TreeSet<String>();
            for (var flag : list.split(" ", -1)) {
                if (!flag.isEmpty() && !flag.equals("\\Recent")) {
                    set.add(flag);
                }
            }
            return set;
        }

        SortedMap<Long, Set<String>> truth() {
            connection.sendLine("truth UID FETCH 1:* (FLAGS)");
            var truth = new TreeMap<Long, Set<String>>();
            for (var line : connection.readUntil("truth ")) {
                var fetch = FETCH.matcher(line);
                if (fetch.matches()) {
                    truth.put(Long.valueOf(fetch.group(1)), setOf(fetch.group(2)));
                }
            }
            return truth;
        }

        private String story() {
            int from = Math.max(0, log.size() - 150);
            return "seed " + seed + "\n" + String.join("\n", log.subList(from, log.size()));
        }
    }
}
