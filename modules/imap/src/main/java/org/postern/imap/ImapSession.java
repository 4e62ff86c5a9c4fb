package org.postern.imap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postern.accounts.Access;
import org.postern.database.DatabaseUnavailable;
import org.postern.imap.grammar.Grammar;
import org.postern.imap.grammar.Lexer;
import org.postern.imap.grammar.Unparsable;
import org.postern.imap.notify.Notifications;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.ResponseEncoder;
import org.postern.imap.reply.Tagged;
import org.postern.imap.reply.Untagged;
import org.postern.imap.search.UpdatedSearches;
import org.postern.imap.view.Expunges;
import org.postern.imap.view.FolderView;
import org.postern.model.HelpLine;
import org.postern.model.Refusal;
import org.postern.net.Connection;
import org.postern.net.ConnectionEnded;
import org.postern.net.LineTooLong;
import org.postern.net.Wake;

/**
 * One client's IMAP session, from greeting to end: plain sequential code on its own virtual thread (RFC 3501 §3).
 *
 * <p>Handlers see it for who is logged in, what is selected, and the few exchanges that are more than one reply.
 */
public final class ImapSession implements AutoCloseable {
    private final Connection connection;
    private final Backend backend;
    private final ImapLimits limits;
    private final CommandTable commands;
    private final CommandMeters meters;
    private final ResponseEncoder encoder;
    private final Dialogue dialogue;
    private final Lexer lexer;
    private final Grammar grammar;

    private final SessionLog log;
    private final Features features = new Features();
    private final Notifications notifications;
    private final UpdatedSearches searches;
    private final Selected selected;
    private final RecentTarget recentTarget = new RecentTarget();

    private @Nullable Access access;
    /** Of the running command. */
    private String tag = "*";

    private int badInARow;
    private int sinceFlush;
    /** The running command's tagged reply is already out. */
    private boolean answered;
    /** Nothing more is read. */
    private boolean over;

    ImapSession(
            Connection connection, Backend backend, ImapLimits limits, CommandTable commands, CommandMeters meters) {
        this.connection = connection;
        this.backend = backend;
        this.limits = limits;
        this.commands = commands;
        this.meters = meters;
        this.encoder = new ResponseEncoder(connection.out(), features);
        this.dialogue = new Dialogue(connection, encoder, limits);
        this.lexer = new Lexer(new ConnectionSource(connection, encoder), limits);
        this.grammar = new Grammar(lexer, limits, features);
        this.log = new SessionLog(connection.id());
        this.notifications =
                new Notifications(backend, features, limits, e -> log.failed(e, "NOTIFY"), connection::wake);
        this.searches = new UpdatedSearches(limits);
        this.selected = new Selected(encoder, features, backend, notifications, searches, () -> progress(_ -> {}), log);
    }

    // ---- The loop

    void run() throws IOException {
        encoder.send(new Untagged.Note(
                Tagged.ok(new Code.Capability(capabilities()), "Postern ready, session " + connection.id())));
        try {
            while (!over) {
                if (awaitCommand()) {
                    one();
                }
            }
        } catch (LineTooLong e) {
            encoder.bye(new Reply.Bye(Optional.of(Code.Plain.TOOBIG), "Command too long"));
        }
    }

    /** Waits for a command's first byte; between pipelined ones, only now and then, so that their replies share packets. */
    private boolean awaitCommand() throws IOException {
        if (access != null && access.ended().isPresent()) {
            throw new ConnectionEnded(access.ended().get()); // Pipelined commands are no way around a revoked token.
        }
        if (connection.in().hasBufferedBytes() && sinceFlush++ < limits.pipelined()) {
            return true;
        }
        sinceFlush = 0;
        while (!over && awaitNews() != Wake.BYTES) {
            tellNewsAtOnce();
        }
        return !over;
    }

    /** Without a command running the client hears of changes only as it has wished (RFC 3501 §5.3 allows that). */
    private void tellNewsAtOnce() throws IOException {
        try {
            if (selected.tellNewsAtOnce()) {
                farewellToFolder();
            }
        } catch (RuntimeException e) {
            log.failed(e, "news"); // Its next command will tell the client, if only that it failed.
            stillUnderstood();
        }
    }

    /**
     * Waits for the client or for news, as long as the client may be silent (RFC 3501 §5.4).
     *
     * @throws ConnectionEnded when it was silent for too long, or the connection is ended from outside
     */
    public Wake awaitNews() throws IOException {
        var limit = access == null ? limits.unauthenticated() : limits.idle();
        var left = limit.minus(connection.silence());
        var wake = connection.await(left.isNegative() ? Duration.ZERO : left);
        if (wake == Wake.TIMED_OUT && connection.silence().compareTo(limit) >= 0) {
            throw new ConnectionEnded(new Refusal.IdleTooLong(limit));
        }
        return wake;
    }

    /** One command, whatever it is: read, run, answered, its rest skipped. */
    private void one() throws IOException {
        lexer.begin();
        tag = "*";
        Tagged tagged;
        long start = System.nanoTime();
        var name = "";
        try {
            tag = lexer.tag();
            lexer.space();
            var rule = commands.next(lexer);
            name = rule.name();
            tagged = checked(rule);
        } catch (Unparsable e) {
            tagged = new Tagged(e.syntaxIsRight() ? Tagged.Status.NO : Tagged.Status.BAD, e.code(), e.text());
        }
        if (!over) {
            complete(tagged);
        }
        if (name.isEmpty()) {
            meters.unknown();
        } else {
            meters.ran(name, tagged.status(), Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /** A command out of place is refused before its arguments are read: no literal with a secret is invited in clear. */
    private Tagged checked(CommandRule<?> rule) throws IOException, Unparsable {
        if (!rule.states().contains(state())) {
            return Tagged.bad(rule.name() + " is not possible " + state().description());
        }
        if (commands.takesSecrets(rule) && !connection.isSecure()) {
            return ImapRefusals.no(new Refusal.TlsRequired(), help());
        }
        if (rule.numbers().areSequence() && features.has(Feature.UIDONLY)) {
            return new Tagged(Tagged.Status.BAD, Optional.of(Code.Plain.UIDREQUIRED), "Only UIDs, as you have enabled");
        }
        return perform(rule);
    }

    /** Runs a command. The one place where failures become replies; their messages go to the log, never to the client. */
    private Tagged perform(CommandRule<?> rule) throws IOException, Unparsable {
        try {
            if (selected.isForbidden()) {
                return Tagged.no(Code.Plain.NOPERM, selected.farewell());
            }
            if (rule.numbers().seesNewest()) {
                selected.tellNews(Expunges.HELD, rule.numbers().areUids());
            }
            var tagged = play(rule.run(grammar, this));
            if (!over) {
                selected.tellNewsIfPossible(
                        rule.numbers().expunges(), rule.numbers().areUids());
            }
            return over ? tagged : selected.cautioned(tagged);
        } catch (DatabaseUnavailable e) {
            log.unavailable(e, rule.name());
            stillUnderstood();
            return ImapRefusals.no(new Refusal.Unavailable(), help());
        } catch (RuntimeException e) {
            log.failed(e, rule.name());
            stillUnderstood();
            return Tagged.no(Code.Plain.SERVERBUG, "Internal error, session " + connection.id());
        }
    }

    /** A response cut inside a literal leaves nothing that the client would understand. */
    private void stillUnderstood() throws IOException {
        over |= !encoder.abandon();
    }

    private Tagged play(Reply reply) throws IOException {
        return switch (reply) {
            case Reply.Whole(var untagged, var tagged) -> {
                for (var response : untagged) {
                    encoder.send(response);
                }
                yield tagged;
            }
            case Reply.Streamed(var player) -> player.play(encoder);
            case Reply.StartTls(var tagged) -> {
                // Also checks that nothing came behind the command (RFC 3207 §6).
                connection.startTls((tag + " OK " + tagged.text() + "\r\n").getBytes(StandardCharsets.US_ASCII));
                answered = true;
                yield tagged;
            }
            case Reply.Compress(var tagged) -> {
                encoder.tagged(tag, tagged);
                connection.compress();
                answered = true;
                yield tagged;
            }
            case Reply.Farewell(var bye, var tagged) -> {
                over = true;
                close(); // Before the last reply: the client's next login finds its slot free.
                encoder.bye(bye);
                if (tagged.isPresent()) {
                    encoder.tagged(tag, tagged.get());
                }
                yield tagged.orElse(Tagged.bad(bye.text()));
            }
        };
    }

    /** The tagged reply; before it the unwanted rest of the command, behind it what ends the session. */
    private void complete(Tagged tagged) throws IOException {
        if (!lexer.skipRest()) {
            encoder.bye(new Reply.Bye(Optional.of(Code.Plain.TOOBIG), "Literal too big"));
            over = true;
            return;
        }
        if (!answered) {
            encoder.tagged(tag, tagged);
        }
        answered = false;
        badInARow = tagged.status() == Tagged.Status.BAD ? badInARow + 1 : 0;
        if (badInARow >= limits.badCommands()) {
            encoder.bye(new Reply.Bye(Optional.empty(), "Too many bad commands"));
            over = true;
        } else if (selected.isGone()) {
            farewellToFolder();
        }
    }

    /** RFC 2180 §3.3: who has a folder selected that another client deletes is disconnected. */
    private void farewellToFolder() throws IOException {
        encoder.bye(new Reply.Bye(Optional.empty(), selected.farewell()));
        over = true;
    }

    // ---- News of the selected folder

    /** IDLE: tells everything. @return false when the session is over */
    public boolean tellAllNews() throws IOException {
        if (selected.tellNewsInIdle()) {
            farewellToFolder();
        }
        return !over;
    }

    // ---- What handlers use

    public State state() {
        if (access == null) {
            return State.NOT_AUTHENTICATED;
        }
        return selected.view().isEmpty() ? State.AUTHENTICATED : State.SELECTED;
    }

    /** The running command's. */
    public String tag() {
        return tag;
    }

    public Connection connection() {
        return connection;
    }

    public HelpLine help() {
        return backend.help();
    }

    /** Exchanges that are more than one reply. */
    public Dialogue dialogue() {
        return dialogue;
    }

    public Lexer lexer() {
        return lexer;
    }

    public Grammar grammar() {
        return grammar;
    }

    public List<String> capabilities() {
        if (access != null) {
            return Capabilities.afterLogin(access.plan().maxMessageBytes());
        }
        return connection.isSecure()
                ? Capabilities.beforeLogin(backend.sasl().offeredTo(dialogue.saslClient()))
                : Capabilities.inClear();
    }

    /** Of the running command. */
    public Progress progress() {
        return progress(note -> {
            encoder.send(note);
            connection.out().flush();
        });
    }

    private Progress progress(Progress.Telling telling) {
        return new Progress(tag, access(), backend.clock(), telling);
    }

    /** Who is logged in; only for commands that the table allows after login. */
    public Access access() {
        if (access == null) {
            throw new IllegalStateException("not logged in");
        }
        return access;
    }

    /** The selected folder; only for commands that the table allows with one. */
    public FolderView selected() {
        return selected.view().orElseThrow(() -> new IllegalStateException("no folder selected"));
    }

    public Optional<FolderView> selectedIfAny() {
        return selected.view();
    }

    /** The client has proved who it is. From now on an end of its access ends the connection. */
    public void admit(Access admitted) {
        access = admitted;
        connection.authenticated();
        admitted.idleIs(connection::silence);
        admitted.onEnd(connection::end);
    }

    /** Nobody is logged in any more; the slot is free, and nothing is enabled (RFC 8437 §3). */
    public void dismiss() {
        close();
        access = null;
        notifications.reset();
        features.clear();
    }

    public Features features() {
        return features;
    }

    /** The searches whose client hears of changes of their results. */
    public UpdatedSearches searches() {
        return searches;
    }

    public RecentTarget recentTarget() {
        return recentTarget;
    }

    /** What the client hears unasked; handlers say what it did itself. */
    public Notifications notifications() {
        return notifications;
    }

    public void select(FolderView view) {
        selected.select(view);
    }

    public void unselect() {
        selected.unselect();
    }

    @Override
    public void close() {
        unselect();
        notifications.close();
        if (access != null) {
            access.close();
        }
    }
}
