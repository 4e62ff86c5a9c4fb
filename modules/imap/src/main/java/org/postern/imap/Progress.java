package org.postern.imap;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import org.postern.accounts.Access;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Tagged;
import org.postern.imap.reply.Untagged;
import org.postern.net.ConnectionEnded;

/**
 * How far a command is that looks at many messages: its client hears of it now and then (RFC 9585), and it ends when nobody
 * waits for it any more. Made for one command; session's thread only.
 */
public final class Progress {
    /** How long a client hears nothing; §4 of the RFC wants 10 to 15 seconds, for clients give up after 30 or 60. */
    public static final Duration INTERVAL = Duration.ofSeconds(10);

    /** Says it to the client at once. */
    @FunctionalInterface
    public interface Telling {
        void tell(Untagged note) throws IOException;
    }

    private final String tag;
    private final Access access;
    private final InstantSource clock;
    private final Telling client;
    private Instant toldAt;
    private long done;
    private OptionalLong goal = OptionalLong.empty();

    public Progress(String tag, Access access, InstantSource clock, Telling client) {
        this.tag = tag;
        this.access = access;
        this.clock = clock;
        this.client = client;
        this.toldAt = clock.instant();
    }

    /** From now on it is known how many steps there are; without, they are only counted. */
    public void of(long steps) {
        goal = OptionalLong.of(steps);
    }

    /** So many steps are done, or need not be done. */
    public void at(long steps) {
        done = Math.max(done, steps);
    }

    /**
     * Before one more step.
     *
     * @throws ConnectionEnded when nobody waits for the answer any more
     */
    public void step() throws IOException {
        var ended = access.ended();
        if (ended.isPresent()) {
            throw new ConnectionEnded(ended.get());
        }
        done++;
        var now = clock.instant();
        if (!now.isBefore(toldAt.plus(INTERVAL))) {
            toldAt = now;
            client.tell(note());
        }
    }

    private Untagged note() {
        // A ] would end the code for many a client.
        Optional<String> shown = tag.indexOf(']') < 0 ? Optional.of(tag) : Optional.empty();
        // The goal is reached with the command's end, and told of no other way (§4).
        boolean known = goal.isPresent() && goal.getAsLong() > 0;
        long told = known ? Math.min(done, goal.getAsLong() - 1) : done;
        var code = new Code.InProgress(shown, told, known ? goal : OptionalLong.empty());
        return new Untagged.Note(Tagged.ok(code, "Still at it"));
    }
}
