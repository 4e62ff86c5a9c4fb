package org.postern.imap.reply;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.postern.model.FolderId;
import org.postern.model.Modseq;
import org.postern.model.UidSet;

/** A response code: what a client's code can tell apart (RFC 3501 §7.1, RFC 5530, RFC 4315 §3). */
public sealed interface Code {
    /** Codes without arguments; an underscore is a dash on the wire. */
    enum Plain implements Code {
        ALERT,
        ALREADYEXISTS,
        AUTHENTICATIONFAILED,
        AUTHORIZATIONFAILED,
        CANNOT,
        CLIENTBUG,
        CLOSED,
        COMPRESSIONACTIVE,
        EXPUNGEISSUED,
        HASCHILDREN,
        LIMIT,
        NONEXISTENT,
        NOPERM,
        NOTIFICATIONOVERFLOW,
        OVERQUOTA,
        PRIVACYREQUIRED,
        READ_ONLY,
        READ_WRITE,
        SERVERBUG,
        TOOBIG,
        TRYCREATE,
        UIDNOTSTICKY,
        UIDREQUIRED,
        UNAVAILABLE,
        UNKNOWN_CTE,
        USEATTR
    }

    /**
     * How far a running command is (RFC 9585 §4).
     *
     * @param tag empty where it cannot be written
     * @param goal empty where nobody knows
     */
    record InProgress(Optional<String> tag, long done, OptionalLong goal) implements Code {}

    record Capability(List<String> names) implements Code {
        public Capability {
            names = List.copyOf(names);
        }
    }

    /** The events that can be asked for (RFC 5465 §3.1). */
    record BadEvent(List<String> known) implements Code {
        public BadEvent {
            known = List.copyOf(known);
        }
    }

    /** The first URL that names nothing of this session (RFC 4469 §4.1). */
    record BadUrl(String url) implements Code {}

    record BadCharset(List<String> known) implements Code {
        public BadCharset {
            known = List.copyOf(known);
        }
    }

    /** @param more whether clients may make up keywords: {@code \*} */
    record PermanentFlags(List<String> names, boolean more) implements Code {
        public PermanentFlags {
            names = List.copyOf(names);
        }
    }

    /** The folder's id, which no other folder ever has (RFC 8474 §4). */
    record MailboxId(FolderId folder) implements Code {}

    /** What the client may take for its newest modseq (RFC 7162 §3.1.2.1). */
    record HighestModseq(Modseq modseq) implements Code {}

    /** @param numbers UIDs, or of a STORE by sequence number those (RFC 7162 §3.1.3) */
    record Modified(UidSet numbers) implements Code {}

    /** An entry's value would be longer than {@code max} bytes (RFC 5464 §4.3). */
    record MetadataMaxSize(int max) implements Code {}

    /** @param longest bytes of the longest value that was asked for and left out (RFC 5464 §4.2.1) */
    record MetadataLongEntries(long longest) implements Code {}

    /** RFC 5464 §4.3. */
    record MetadataTooMany() implements Code {}

    /** Of the result of that search no changes will be told (RFC 5267 §4.3.1). */
    record NoUpdate(String tag) implements Code {}

    record UidNext(long next) implements Code {}

    record UidValidity(org.postern.model.UidValidity validity) implements Code {}

    /** The sequence number of the first message without {@code \Seen}. */
    record Unseen(int sequence) implements Code {}

    record AppendUid(org.postern.model.UidValidity validity, UidSet uids) implements Code {}

    /** The uids correspond pairwise, in ascending order. */
    record CopyUid(org.postern.model.UidValidity validity, UidSet from, UidSet to) implements Code {}
}
