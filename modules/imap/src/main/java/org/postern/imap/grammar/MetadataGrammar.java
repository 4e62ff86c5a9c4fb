package org.postern.imap.grammar;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.postern.imap.ImapLimits;
import org.postern.imap.command.Command;
import org.postern.imap.reply.Code;
import org.postern.mailstore.metadata.Annotation;
import org.postern.mailstore.metadata.Metadata;
import org.postern.mailstore.metadata.MetadataEntry;
import org.postern.model.FolderName;

/** GETMETADATA and SETMETADATA (RFC 5464 §5). */
final class MetadataGrammar {
    private final Lexer in;
    private final ImapLimits limits;
    private final CommonGrammar common;

    private OptionalLong maxSize = OptionalLong.empty();
    private int depth;

    MetadataGrammar(Lexer in, ImapLimits limits, CommonGrammar common) {
        this.in = in;
        this.limits = limits;
        this.common = common;
    }

    /**
     * {@code getmetadata = "GETMETADATA" [SP getmetadata-options] SP mailbox SP entries}; the options may also stand behind
     * the mailbox, where the RFC's own examples have them.
     */
    Command.GetMetadata get() throws Unparsable, IOException {
        in.space();
        if (in.take('(')) {
            options();
            in.space();
        }
        var folder = target();
        in.space();
        if (in.take('(')) {
            if (isEntryNext()) {
                return got(folder, restOfEntries());
            }
            options();
            in.space();
        }
        return got(folder, entries());
    }

    private Command.GetMetadata got(Optional<FolderName> folder, List<MetadataEntry> entries) throws Unparsable {
        in.end();
        return new Command.GetMetadata(folder, entries, maxSize, depth);
    }

    private boolean isEntryNext() {
        return in.peek('/') || in.peek('"') || in.peek('{');
    }

    /** {@code mailbox}, or empty for the mailbox itself. */
    private Optional<FolderName> target() throws Unparsable, IOException {
        var text = common.mailboxText();
        return text.isEmpty() ? Optional.empty() : Optional.of(CommonGrammar.folderName(text));
    }

    /** {@code getmetadata-option *(SP getmetadata-option) ")"}. */
    private void options() throws Unparsable {
        do {
            switch (in.word("option").toUpperCase(Locale.ROOT)) {
                case "MAXSIZE" -> {
                    in.space();
                    maxSize = OptionalLong.of(in.number());
                }
                case "DEPTH" -> {
                    in.space();
                    depth = depth(in.word("depth"));
                }
                default -> throw Unparsable.bad("Unknown option");
            }
        } while (in.take(' '));
        in.expect(')');
    }

    private static int depth(String word) throws Unparsable {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "0" -> 0;
            case "1" -> 1;
            case "infinity" -> Integer.MAX_VALUE;
            default -> throw Unparsable.bad("DEPTH is 0, 1 or infinity");
        };
    }

    /** {@code entries = entry / "(" entry *(SP entry) ")"}. */
    List<MetadataEntry> entries() throws Unparsable, IOException {
        return in.take('(') ? restOfEntries() : List.of(entry());
    }

    private List<MetadataEntry> restOfEntries() throws Unparsable, IOException {
        var entries = new ArrayList<MetadataEntry>();
        do {
            bounded(entries.size());
            entries.add(entry());
        } while (in.take(' '));
        in.expect(')');
        return entries;
    }

    private void bounded(int entries) throws Unparsable {
        if (entries == limits.fetchItems()) {
            throw Unparsable.bad(Code.Plain.LIMIT, "At most " + limits.fetchItems() + " entries at once");
        }
    }

    private MetadataEntry entry() throws Unparsable, IOException {
        var text = in.astring("entry name");
        var problem = MetadataEntry.problemOf(text);
        if (problem.isPresent()) {
            throw Unparsable.bad(problem.get());
        }
        return new MetadataEntry(text);
    }

    /** {@code setmetadata = "SETMETADATA" SP mailbox SP entry-values}; of an entry that is there twice the last value holds. */
    Command.SetMetadata set() throws Unparsable, IOException {
        in.space();
        var folder = target();
        in.space();
        var changes = new LinkedHashMap<MetadataEntry, Annotation>();
        in.expect('(');
        do {
            bounded(changes.size());
            var entry = entry();
            in.space();
            changes.put(entry, new Annotation(entry, value()));
        } while (in.take(' '));
        in.expect(')');
        in.end();
        return new Command.SetMetadata(folder, List.copyOf(changes.values()));
    }

    /** {@code value = nstring / literal8}. */
    private Optional<String> value() throws Unparsable, IOException {
        boolean binary = in.take('~');
        if (in.announces(Metadata.MAX_VALUE_BYTES)) {
            throw tooLong();
        }
        var bytes = binary ? Optional.of(in.literal8()) : in.nstring();
        if (bytes.filter(some -> some.length > Metadata.MAX_VALUE_BYTES).isPresent()) {
            throw tooLong();
        }
        return bytes.map(some -> new String(some, StandardCharsets.ISO_8859_1));
    }

    private static Unparsable tooLong() {
        return Unparsable.no(
                new Code.MetadataMaxSize(Metadata.MAX_VALUE_BYTES),
                "A value has at most " + Metadata.MAX_VALUE_BYTES + " bytes");
    }
}
