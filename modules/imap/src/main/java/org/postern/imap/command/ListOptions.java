package org.postern.imap.command;

import java.util.List;
import java.util.Set;
import org.postern.mailstore.metadata.MetadataEntry;

/**
 * What an extended LIST chooses and tells (RFC 5258 §3, RFC 5819, RFC 6154 §2).
 *
 * @param extended whether any of it was written, be it empty: then an empty pattern is a pattern like any other
 * @param status of each folder found, these; empty when STATUS was not asked for
 * @param metadata of each folder found, these entries (RFC 9590)
 */
public record ListOptions(
        boolean extended, Set<Choice> choices, Set<Told> told, Set<StatusItem> status, List<MetadataEntry> metadata) {
    public static final ListOptions NONE = new ListOptions(false, Set.of(), Set.of(), Set.of(), List.of());

    /** {@code list-select-opt}: which folders. */
    public enum Choice {
        SUBSCRIBED,
        SPECIAL_USE,
        /** We have no remote folders, and so it adds none. */
        REMOTE,
        /** Also folders above those that the other options choose. */
        RECURSIVEMATCH
    }

    /** {@code return-option} without argument; children and special use are always told. */
    public enum Told {
        SUBSCRIBED,
        CHILDREN,
        SPECIAL_USE,
        /** What the client may do in it (RFC 8440). */
        MYRIGHTS
    }

    public ListOptions {
        choices = Set.copyOf(choices);
        told = Set.copyOf(told);
        status = Set.copyOf(status);
        metadata = List.copyOf(metadata);
    }
}
