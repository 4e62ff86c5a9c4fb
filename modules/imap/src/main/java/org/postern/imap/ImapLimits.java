package org.postern.imap;

import java.time.Duration;

/**
 * Every bound of an IMAP session by name; a test meets each.
 *
 * @param lineBytes the longest line, without CRLF; RFC 2683 §3.2.1.5 asks for 8,000, clients send long UID sets
 * @param literalBytes the largest literal of any command but APPEND
 * @param commandBytes all lines and literals of one command together, an APPEND's message aside
 * @param nesting how deep parentheses and NOT/OR go in a SEARCH
 * @param searchKeys how many keys one SEARCH has
 * @param setRanges how many ranges one number set has
 * @param fetchItems how many data items one FETCH has, and how many header fields one section names
 * @param flags how many flags one STORE or APPEND names
 * @param drainBytes the most that is read and thrown away of an unwanted non-synchronising literal; beyond it, BYE
 * @param badCommands how many BAD replies in a row end the connection
 * @param unauthenticated how long a client may be silent before it logs in; net bounds the whole
 * @param idle how long a client may be silent once logged in; RFC 3501 §5.4 demands 30 minutes at least
 * @param patternChars the longest pattern of LIST and LSUB
 * @param wildcards how many runs of wildcards such a pattern has
 * @param sortKeys how many criteria one SORT has
 * @param sortedMessages of how many messages this node keeps what SORT and THREAD compare, about 400 bytes each
 * @param searchScans how many sessions of this node scan contents, sort or thread at once
 * @param searchChars how much text of one message is searched
 * @param watchedFolders of how many folders one NOTIFY tells what happens to their messages; how many one ESEARCH searches
 * @param updatedSearches of how many searches one session hears how their results change
 * @param pipelined how many commands run before the client's replies are flushed and news of an end is looked for
 */
public record ImapLimits(
        int lineBytes,
        int literalBytes,
        int commandBytes,
        int nesting,
        int searchKeys,
        int setRanges,
        int fetchItems,
        int flags,
        long drainBytes,
        int badCommands,
        Duration unauthenticated,
        Duration idle,
        int patternChars,
        int wildcards,
        int sortKeys,
        int sortedMessages,
        int searchScans,
        long searchChars,
        int watchedFolders,
        int updatedSearches,
        int pipelined) {

    public static final ImapLimits STANDARD = new ImapLimits(
            64 << 10,
            64 << 10,
            256 << 10,
            32,
            256,
            8192,
            128,
            128,
            16 << 20,
            10,
            Duration.ofMinutes(1),
            Duration.ofMinutes(30),
            2048,
            32,
            16,
            100_000,
            4,
            1L << 28,
            2_000,
            8,
            32);

    /** With another bound of how long a logged-in client may be silent. */
    public ImapLimits withIdle(Duration silence) {
        return new ImapLimits(
                lineBytes,
                literalBytes,
                commandBytes,
                nesting,
                searchKeys,
                setRanges,
                fetchItems,
                flags,
                drainBytes,
                badCommands,
                unauthenticated,
                silence,
                patternChars,
                wildcards,
                sortKeys,
                sortedMessages,
                searchScans,
                searchChars,
                watchedFolders,
                updatedSearches,
                pipelined);
    }
}
