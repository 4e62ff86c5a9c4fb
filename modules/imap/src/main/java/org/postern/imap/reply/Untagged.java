package org.postern.imap.reply;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.imap.command.StatusItem;
import org.postern.mailstore.metadata.Annotation;
import org.postern.mailstore.metadata.MetadataEntry;
import org.postern.mailstore.sharing.OtherUsers;
import org.postern.model.FolderName;
import org.postern.model.Modseq;
import org.postern.model.Rights;
import org.postern.model.SpecialUse;
import org.postern.model.Uid;
import org.postern.model.UidSet;
import org.postern.model.UidValidity;

/** An untagged response (RFC 3501 §7.1–§7.4). */
public sealed interface Untagged {
    /** {@code * OK}, {@code * NO}: for people and codes. */
    record Note(Tagged status) implements Untagged {}

    record Capability(List<String> names) implements Untagged {
        public Capability {
            names = List.copyOf(names);
        }
    }

    /** RFC 5161 §3.2. */
    record Enabled(List<String> names) implements Untagged {
        public Enabled {
            names = List.copyOf(names);
        }
    }

    /** RFC 2971 §3.2. */
    record Id(String name) implements Untagged {}

    /** RFC 2342 §5: one personal namespace without prefix, and that of {@link OtherUsers}. */
    record Namespace() implements Untagged {}

    /**
     * {@code LIST}, and {@code LSUB} of the same shape.
     *
     * @param childInfo the selection options that hold below it (RFC 5258 §3.5)
     * @param oldName what it was called before it was renamed (RFC 5465 §5.4)
     */
    record Folder(
            boolean lsub,
            String name,
            List<Attribute> attributes,
            Optional<SpecialUse> use,
            List<String> childInfo,
            Optional<String> oldName)
            implements Untagged {
        public Folder(
                boolean lsub,
                String name,
                List<Attribute> attributes,
                Optional<SpecialUse> use,
                List<String> childInfo) {
            this(lsub, name, attributes, use, childInfo, Optional.empty());
        }

        public Folder {
            attributes = List.copyOf(attributes);
            childInfo = List.copyOf(childInfo);
        }
    }

    /** {@code mbx-list-flags} (RFC 3501 §7.2.2, RFC 3348 §4, RFC 5258 §3.4). */
    enum Attribute {
        NON_EXISTENT("\\NonExistent"),
        SUBSCRIBED("\\Subscribed"),
        NOSELECT("\\Noselect"),
        HAS_CHILDREN("\\HasChildren"),
        HAS_NO_CHILDREN("\\HasNoChildren");

        private final String wire;

        Attribute(String wire) {
            this.wire = wire;
        }

        public String wire() {
            return wire;
        }
    }

    /** @param root the whole mailbox: without name the client's own, else by its address (RFC 9208 §5.1) */
    record Quota(String root, List<QuotaResource> resources) implements Untagged {
        public Quota {
            resources = List.copyOf(resources);
        }
    }

    /** @param used and {@code limit} in the resource's unit: STORAGE counts 1,024 bytes (RFC 9208 §5.1) */
    record QuotaResource(String name, long used, long limit) {}

    /** RFC 9208 §5.2. */
    record QuotaRoot(FolderName folder, String root) implements Untagged {}

    /** Who may do what, by identifier (RFC 4314 §3.6). */
    record Acl(FolderName folder, List<Granted> entries) implements Untagged {
        /** @param identifier with a dash before it where the rights are taken */
        public record Granted(String identifier, Rights rights) {}

        public Acl {
            entries = List.copyOf(entries);
        }
    }

    /**
     * What can be granted (RFC 4314 §3.7).
     *
     * @param identifier as the client wrote it
     * @param required what it has in any case; all else can be granted right by right
     */
    record ListRights(FolderName folder, String identifier, Rights required) implements Untagged {}

    /** RFC 4314 §3.8. */
    record MyRights(FolderName folder, Rights rights) implements Untagged {}

    /** Items in the order of {@link StatusItem}, their values as on the wire. */
    record Status(FolderName folder, Map<StatusItem, String> items) implements Untagged {
        public Status {
            items = Map.copyOf(items);
        }
    }

    /**
     * Annotations of a folder; without name, of the mailbox itself (RFC 5464 §4.4.1).
     *
     * @param annotations at least one; without value it is NIL
     */
    record Annotated(String folder, List<Annotation> annotations) implements Untagged {
        public Annotated {
            annotations = List.copyOf(annotations);
        }
    }

    /** Annotations that have changed, by name alone (RFC 5464 §4.4.2). */
    record AnnotationsChanged(String folder, List<MetadataEntry> entries) implements Untagged {
        public AnnotationsChanged {
            entries = List.copyOf(entries);
        }
    }

    /** The flags that messages of the folder may have (RFC 3501 §7.2.6). */
    record DefinedFlags(List<String> names) implements Untagged {
        public DefinedFlags {
            names = List.copyOf(names);
        }
    }

    record Exists(int count) implements Untagged {}

    record Recent(int count) implements Untagged {}

    record Expunge(int sequence) implements Untagged {}

    /**
     * Messages that are gone (RFC 7162 §3.2.10).
     *
     * @param earlier gone before this session knew of the folder: no message number changes
     */
    record Vanished(boolean earlier, UidSet uids) implements Untagged {}

    /**
     * UIDs or sequence numbers, ascending.
     *
     * @param modseq the highest of those messages, when that was asked about (RFC 7162 §3.1.5)
     */
    record Search(List<Long> numbers, Optional<Modseq> modseq) implements Untagged {
        public Search {
            numbers = List.copyOf(numbers);
        }
    }

    /**
     * UIDs or sequence numbers in the order that was asked for (RFC 5256 §4).
     *
     * @param modseq as of {@link Search} (RFC 7162 §3.1.6)
     */
    record Sort(List<Long> numbers, Optional<Modseq> modseq) implements Untagged {
        public Sort {
            numbers = List.copyOf(numbers);
        }
    }

    /**
     * Threads as they are written (RFC 5256 §4).
     *
     * @param tokens numbers, and {@link #OPEN} and {@link #CLOSE} for parentheses
     */
    @SuppressWarnings("ArrayRecordComponent") // Written once, never compared.
    record Threads(long[] tokens) implements Untagged {
        public static final long OPEN = -1;
        public static final long CLOSE = -2;
    }

    /**
     * {@code ESEARCH} (RFC 4731 §3.1, RFC 9394 §4).
     *
     * @param tag of the command that it answers
     * @param origin where it was found, if several folders were searched
     * @param byUid whether its numbers are UIDs
     */
    record ExtendedSearch(String tag, Optional<Origin> origin, boolean byUid, List<SearchData> data)
            implements Untagged {
        /** {@code "MAILBOX" SP astring SP "UIDVALIDITY" SP nz-number} (RFC 7377 §4). */
        public record Origin(FolderName folder, UidValidity validity) {}

        public ExtendedSearch {
            data = List.copyOf(data);
        }
    }

    /** What FETCH is to a client without sequence numbers (RFC 9586 §3.3). */
    record UidFetch(Uid uid, List<FetchValue> values) implements Untagged {
        public UidFetch {
            values = List.copyOf(values);
        }
    }

    /** @param values in the order in which they are sent */
    record Fetch(int sequence, List<FetchValue> values) implements Untagged {
        public Fetch {
            values = List.copyOf(values);
        }
    }
}
