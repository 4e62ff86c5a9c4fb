package org.postern.imap;

import java.io.IOException;
import java.util.Set;
import org.postern.imap.command.Command;
import org.postern.imap.grammar.Grammar;
import org.postern.imap.grammar.Unparsable;
import org.postern.imap.reply.Reply;
import org.postern.imap.view.Expunges;

/**
 * One line of the command table.
 *
 * @param name in capitals; {@code UID FETCH} is a command of its own
 * @param states in which it is allowed (RFC 3501 §3)
 * @param numbers what it does with message numbers
 * @param reader its arguments
 * @param handler its answer
 */
record CommandRule<C extends Command>(
        String name, Set<State> states, Numbers numbers, Reader<C> reader, Handler<C> handler) {
    /** How a command deals with message numbers, and so what its client may hear meanwhile (RFC 3501 §7.4.1). */
    enum Numbers {
        /** Knows none; the client hears the news when it is done. */
        NONE,
        /** UIDs: the client hears what is new first, and may hear of expunges. */
        UIDS,
        /**
         * UIDs whose flags it changes: news come with its answer, and may tell of expunges. Flags told before it would be those
         * before its own change, and a client that already counts on a silent one would believe them.
         */
        UIDS_CHANGING,
        /** Sequence numbers that only ask: the client hears what is new first, but of no expunges. */
        SEQUENCE_ASKING,
        /** Sequence numbers that change flags: they mean what the client knows, and no expunges are told. */
        SEQUENCE_CHANGING,
        /** Sequence numbers that only COPY and MOVE name: they mean what the client knows; expunges follow at the end. */
        SEQUENCE_COPYING;

        /** Whether it names or answers sequence numbers. */
        boolean areSequence() {
            return this == SEQUENCE_ASKING || this == SEQUENCE_CHANGING || this == SEQUENCE_COPYING;
        }

        boolean areUids() {
            return this == UIDS || this == UIDS_CHANGING;
        }

        /** Whether news are told before the command runs; else a {@code *} would mean a message the client never heard of. */
        boolean seesNewest() {
            return this == UIDS || this == SEQUENCE_ASKING;
        }

        Expunges expunges() {
            return this == SEQUENCE_ASKING || this == SEQUENCE_CHANGING ? Expunges.HELD : Expunges.MAY;
        }
    }

    /** Reads the arguments of a command, from behind its name to its end. */
    @FunctionalInterface
    interface Reader<C extends Command> {
        C read(Grammar grammar) throws Unparsable, IOException;
    }

    Reply run(Grammar grammar, ImapSession session) throws Unparsable, IOException {
        return handler.handle(reader.read(grammar), session);
    }
}
