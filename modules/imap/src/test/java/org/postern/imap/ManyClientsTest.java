package org.postern.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.mailstore.StoreInvariants;
import org.postern.testkit.TlsClient;

/**
 * Random commands of several clients on one folder. Each client believes only what it is told (RFC 3501 §7.4.1); in the end
 * all of them must believe what is.
 */
class ManyClientsTest {
    private static final int CLIENTS = 3;
    private static final int COMMANDS = 60;
    private static final List<String> FLAGS = List.of("\\Seen", "\\Flagged", "\\Answered", "\\Deleted", "work", "home");

    @RegisterExtension
    static final ImapServer IMAP = new ImapServer();

    @RepeatedTest(6)
    @DisplayName(
            "RFC 3501 §7.4.1: several clients at random come to believe the same, and never hear of an expunge in between; one of"
                    + " them is of another mailbox, and all may do the same (RFC 4314 §4)")
    void random() throws InterruptedException, ExecutionException {
        long seed = new Random().nextLong();
        var owner = IMAP.person().withMessages(8);
        var friend = IMAP.person();
        try (var imap = owner.clients()) {
            imap.let("friend", friend.address().toString()).plays("""
                    C: a1 SETACL INBOX $friend lrswite
                    S: a1 OK ...
                    """);
        }
        var believers = new ArrayList<Believer>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CLIENTS; i++) {
                believers.add(
                        i == 0
                                ? new Believer(
                                        friend.loggedIn(),
                                        "\"Other Users/" + owner.address() + "/INBOX\"",
                                        new Random(seed),
                                        seed)
                                : new Believer(owner.loggedIn(), "INBOX", new Random(seed + i), seed));
            }
            for (var running :
                    believers.stream().map(b -> threads.submit(b::live)).toList()) {
                running.get();
            }
        }
        believers.forEach(believer -> believer.say("NOOP"));
        var first = believers.getFirst().truth();
        for (var believer : believers) {
            assertThat(believer.belief()).as(believer::story).isEqualTo(believer.truth());
            assertThat(believer.truth()).as(believer::story).isEqualTo(first);
            believer.client.close();
        }
        assertThat(StoreInvariants.violations(IMAP.database())).isEmpty();
    }

    /** What a client knows of one message; flags are null until told, {@code \Recent} aside. */
    private static final class Known {
        private long uid;
        private @Nullable Set<String> flags;
    }

    private static final class Believer {
        private static final Pattern NUMBERED = Pattern.compile("\\* (\\d+) (EXISTS|EXPUNGE|RECENT|FETCH) ?(.*)");
        private static final Pattern FLAG_LIST = Pattern.compile("FLAGS \\(([^)]*)\\)");
        private static final Pattern UID = Pattern.compile("UID (\\d+)");

        private final TlsClient client;
        private final String inbox;
        private final Random random;
        private final long seed;
        private final List<Known> messages = new ArrayList<>();
        private final List<String> log = new ArrayList<>();
        private int tags;

        Believer(TlsClient client, String inbox, Random random, long seed) {
            this.client = client;
            this.inbox = inbox;
            this.random = random;
            this.seed = seed;
            say("SELECT " + inbox);
            say("FETCH 1:* (UID FLAGS)");
        }

        boolean live() {
            for (int i = 0; i < COMMANDS; i++) {
                one();
            }
            return true;
        }

        private void one() {
            int known = messages.size();
            if (known == 0) {
                say("APPEND " + inbox + " {1+}\r\nx");
                return;
            }
            int number = 1 + random.nextInt(known);
            var flag = FLAGS.get(random.nextInt(FLAGS.size()));
            switch (random.nextInt(12)) {
                case 0, 1 -> say("APPEND " + inbox + " (" + flag + ") {1+}\r\nx");
                case 2 -> say("NOOP");
                case 3 -> say("EXPUNGE");
                case 4 -> say("FETCH " + number + ":* (UID FLAGS)");
                case 5 -> say("UID SEARCH " + (flag.startsWith("\\") ? flag.substring(1) : "KEYWORD " + flag));
                case 6 -> say("COPY " + number + ' ' + inbox);
                case 7 -> say("UID MOVE " + Math.max(1, messages.get(number - 1).uid) + " Archive");
                case 8 -> idle();
                default -> store(number, flag);
            }
        }

        /** Silent: the client believes in its own change at once. */
        private void store(int number, String flag) {
            boolean add = random.nextBoolean();
            boolean silent = random.nextBoolean();
            int last = Math.min(messages.size(), number + random.nextInt(3));
            if (silent) {
                for (var message : messages.subList(number - 1, last)) {
                    if (message.flags != null && add) {
                        message.flags.add(flag);
                    } else if (message.flags != null) {
                        message.flags.remove(flag);
                    }
                }
            }
            say("STORE " + number + ":" + last + ' ' + (add ? '+' : '-') + "FLAGS" + (silent ? ".SILENT" : "") + " ("
                    + flag + ')');
        }

        private void idle() {
            var tag = "t" + ++tags;
            client.send(tag + " IDLE\r\nDONE\r\n");
            hear(tag, true);
        }

        private void say(String command) {
            var tag = "t" + ++tags;
            log.add(tag + ' ' + command);
            client.send(tag + ' ' + command + "\r\n");
            hear(tag, !command.startsWith("FETCH") && !command.startsWith("STORE") && !command.startsWith("SEARCH"));
        }

        private void hear(String tag, boolean mayExpunge) {
            while (true) {
                var line = client.readLine();
                log.add(line);
                if (line.startsWith(tag + ' ')) {
                    assertThat(line).as(this::story).doesNotContain("BAD").doesNotContain("SERVERBUG");
                    return;
                }
                var numbered = NUMBERED.matcher(line);
                if (numbered.matches()) {
                    learn(Integer.parseInt(numbered.group(1)), numbered.group(2), numbered.group(3), mayExpunge);
                }
            }
        }

        private void learn(int number, String what, String more, boolean mayExpunge) {
            switch (what) {
                case "EXISTS" -> {
                    assertThat(number).as(this::story).isGreaterThanOrEqualTo(messages.size());
                    while (messages.size() < number) {
                        messages.add(new Known());
                    }
                }
                case "EXPUNGE" -> {
                    assertThat(mayExpunge).as(this::story).isTrue();
                    assertThat(number).as(this::story).isLessThanOrEqualTo(messages.size());
                    messages.remove(number - 1);
                }
                case "FETCH" -> {
                    assertThat(number).as(this::story).isLessThanOrEqualTo(messages.size());
                    fetched(messages.get(number - 1), more);
                }
                default -> assertThat(number).as(this::story).isLessThanOrEqualTo(messages.size());
            }
        }

        private void fetched(Known message, String values) {
            var uid = UID.matcher(values);
            if (uid.find()) {
                long told = Long.parseLong(uid.group(1));
                assertThat(message.uid == 0 || message.uid == told)
                        .as(this::story)
                        .isTrue();
                message.uid = told;
            }
            var flags = FLAG_LIST.matcher(values);
            if (flags.find()) {
                var set = new TreeSet<String>();
                for (var flag : flags.group(1).split(" ", -1)) {
                    if (!flag.isEmpty() && !flag.equals("\\Recent")) {
                        set.add(flag);
                    }
                }
                message.flags = set;
            }
        }

        /** One line a message; what the client was never told is taken as it is. */
        List<String> belief() {
            var truth = truth();
            var lines = new ArrayList<String>();
            for (int i = 0; i < messages.size(); i++) {
                var message = messages.get(i);
                lines.add(
                        message.uid == 0 || message.flags == null
                                ? i < truth.size() ? truth.get(i) : "unknown"
                                : message.uid + " " + message.flags);
            }
            return lines;
        }

        List<String> truth() {
            client.sendLine("truth UID FETCH 1:* FLAGS");
            var lines = new ArrayList<String>();
            for (var line : client.readUntil("truth ")) {
                var uid = UID.matcher(line);
                if (uid.find()) {
                    var known = new Known();
                    fetched(known, line);
                    lines.add(known.uid + " " + known.flags);
                }
            }
            return lines;
        }

        private String story() {
            int from = Math.max(0, log.size() - 200);
            return "seed " + seed + "\n" + String.join("\n", log.subList(from, log.size()));
        }
    }
}
