package org.postern.imap.command;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.postern.mailstore.metadata.Annotation;
import org.postern.mailstore.metadata.MetadataEntry;
import org.postern.mailstore.sharing.AclChange;
import org.postern.model.FlagChange;
import org.postern.model.FolderName;
import org.postern.model.Modseq;
import org.postern.model.SpecialUse;

/** A command, parsed (RFC 3501 §6 and the extensions named below). */
public sealed interface Command {
    // Any state (RFC 3501 §6.1).
    record Capability() implements Command {}

    record Noop() implements Command {}

    record Logout() implements Command {}

    /** RFC 2971 §3.1; what clients say of themselves, in their order and bounded, {@code NIL} values left out. */
    record Id(List<Field> fields) implements Command {
        public record Field(String name, String value) {}

        public Id {
            fields = List.copyOf(fields);
        }
    }

    // Not authenticated (§6.2).
    record StartTls() implements Command {}

    /** @param initial the initial response (RFC 4959 §3), empty when the client waits to be asked */
    record Authenticate(String mechanism, Optional<InitialResponse> initial) implements Command {
        /** @param base64 not yet decoded, empty text for {@code =}; never printed */
        public record InitialResponse(String base64) {
            @Override
            public String toString() {
                return "InitialResponse[…]";
            }
        }
    }

    record Login(String user, String secret) implements Command {
        @Override
        public String toString() {
            return "Login[…]";
        }
    }

    // Authenticated (§6.3).
    /** RFC 4978 §3; DEFLATE is the one algorithm there is. */
    record Compress() implements Command {}

    /** RFC 8437. */
    record Unauthenticate() implements Command {}

    /** RFC 5161 §3.1. */
    record Enable(List<String> capabilities) implements Command {
        public Enable {
            capabilities = List.copyOf(capabilities);
        }
    }

    /**
     * {@code SELECT} and {@code EXAMINE}.
     *
     * @param condstore whether it switches CONDSTORE on (RFC 7162 §3.1.8)
     * @param resync what the client knows from before (RFC 7162 §3.2.5)
     */
    record Select(FolderName folder, boolean readOnly, boolean condstore, Optional<Resync> resync) implements Command {}

    /** @param use RFC 6154 §3 {@code USE}; empty without */
    record Create(FolderName folder, Optional<SpecialUse> use) implements Command {}

    record Delete(FolderName folder) implements Command {}

    record Rename(FolderName from, FolderName to) implements Command {}

    record Subscribe(FolderName folder) implements Command {}

    record Unsubscribe(FolderName folder) implements Command {}

    /** {@code LIST}: reference and patterns in Unicode, wildcards in the patterns. */
    record ListFolders(String reference, List<String> patterns, ListOptions options) implements Command {
        public ListFolders {
            patterns = List.copyOf(patterns);
        }
    }

    record Lsub(String reference, String pattern) implements Command {}

    /** RFC 2342. */
    record Namespace() implements Command {}

    /** RFC 9208 §4.1.1. */
    record GetQuota(String root) implements Command {}

    /** RFC 9208 §4.1.2. */
    record GetQuotaRoot(FolderName folder) implements Command {}

    /** RFC 4314 §3.1. */
    record SetAcl(FolderName folder, Identifier identifier, AclChange change) implements Command {}

    /** RFC 4314 §3.2. */
    record DeleteAcl(FolderName folder, Identifier identifier) implements Command {}

    /** RFC 4314 §3.3. */
    record GetAcl(FolderName folder) implements Command {}

    /** RFC 4314 §3.4. */
    record ListRights(FolderName folder, Identifier identifier) implements Command {}

    /** RFC 4314 §3.5. */
    record MyRights(FolderName folder) implements Command {}

    /**
     * RFC 5464 §4.2.
     *
     * @param folder empty for the mailbox itself, which clients take for the server
     * @param maxSize longer values are left out
     * @param depth how many levels below the entries are told too
     */
    record GetMetadata(Optional<FolderName> folder, List<MetadataEntry> entries, OptionalLong maxSize, int depth)
            implements Command {
        public GetMetadata {
            entries = List.copyOf(entries);
        }
    }

    /** RFC 5464 §4.3; an entry without value is removed, and none is there twice. */
    record SetMetadata(Optional<FolderName> folder, List<Annotation> changes) implements Command {
        public SetMetadata {
            changes = List.copyOf(changes);
        }
    }

    /**
     * RFC 5465 §3.1.
     *
     * @param status whether the counters of the folders come right away
     * @param groups none for {@code NOTIFY NONE}
     */
    record Notify(boolean status, List<EventGroup> groups) implements Command {
        public Notify {
            groups = List.copyOf(groups);
        }
    }

    record Status(FolderName folder, Set<StatusItem> items) implements Command {}

    /** {@code APPEND}, up to its first literal: the handler reads that, and the messages behind it. */
    record Append(FolderName folder, AppendMessage first) implements Command {}

    /** RFC 8508, up to the literal: {@code message} names one, {@code replacement} takes its place in {@code target}. */
    record Replace(NumberSet message, FolderName target, AppendMessage replacement) implements Command {}

    /** RFC 2177. */
    record Idle() implements Command {}

    // Selected (§6.4).
    record Check() implements Command {}

    record Close() implements Command {}

    /** RFC 3691. */
    record Unselect() implements Command {}

    /** @param only RFC 4315 §2.1 {@code UID EXPUNGE}; empty for every message with {@code \Deleted} */
    record Expunge(Optional<NumberSet> only) implements Command {}

    /** @param answer whether the result is sequence numbers or UIDs */
    record Search(SearchProgram program, NumberSet.Kind answer) implements Command {}

    /**
     * {@code ESEARCH}: of several folders, always by UID (RFC 7377 §2).
     *
     * @param sources none for the selected folder
     */
    record MultiSearch(List<FolderFilter> sources, SearchProgram program) implements Command {
        public MultiSearch {
            sources = List.copyOf(sources);
        }
    }

    /** RFC 5267 §4.3.5. */
    record CancelUpdate(List<String> tags) implements Command {
        public CancelUpdate {
            tags = List.copyOf(tags);
        }
    }

    /** @param order the first criterion counts most; at least one */
    record Sort(SearchProgram program, List<SortKey> order, NumberSet.Kind answer) implements Command {
        public Sort {
            order = List.copyOf(order);
        }
    }

    record Threading(SearchProgram program, ThreadAlgorithm algorithm, NumberSet.Kind answer) implements Command {}

    record Fetch(NumberSet messages, Set<FetchItem> items, FetchModifiers modifiers) implements Command {}

    /** @param unchangedSince only messages not changed after it (RFC 7162 §3.1.3) */
    record Store(NumberSet messages, FlagChange change, boolean silent, Optional<Modseq> unchangedSince)
            implements Command {}

    record Copy(NumberSet messages, FolderName target) implements Command {}

    /** RFC 6851. */
    record Move(NumberSet messages, FolderName target) implements Command {}

    /**
     * A literal that is announced and not yet read.
     *
     * @param size its bytes
     * @param synchronising whether the client waits to be invited (RFC 3501 §4.3); if not, its bytes are on their way (RFC 7888)
     */
    record Announced(long size, boolean synchronising) {}
}
