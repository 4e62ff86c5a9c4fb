package org.postern.imap.search;

import java.io.IOException;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;
import org.postern.imap.ImapLimits;
import org.postern.imap.Progress;
import org.postern.imap.command.NumberSet;
import org.postern.imap.command.SearchKey;
import org.postern.imap.view.FolderView;
import org.postern.mailstore.ContentPart;
import org.postern.mailstore.Contents;
import org.postern.mailstore.MessageContent;
import org.postern.mailstore.search.SearchIndex;
import org.postern.model.UidSet;

/**
 * Answers SEARCH in up to four passes, each over what the one before left undecided: the snapshot, the search index, the
 * headers, the text. Scans of contents are few at a time on one node, so that they leave the processors to others.
 */
public final class Searcher {
    private final Contents contents;
    private final SearchIndex index;
    private final InstantSource clock;
    private final long maxChars;
    private final ScanGate gate;

    public Searcher(Contents contents, SearchIndex index, InstantSource clock, ScanGate gate, ImapLimits limits) {
        this.contents = contents;
        this.index = index;
        this.clock = clock;
        this.maxChars = limits.searchChars();
        this.gate = gate;
    }

    /** Whether it names messages by sequence number; {@code $} does not. */
    public static boolean namesSequences(SearchKey key) {
        return Facts.mentions(
                key,
                inner -> inner instanceof SearchKey.Numbers(var set)
                        && set.kind() == NumberSet.Kind.SEQUENCE
                        && !set.isSaved());
    }

    /** Whether the answer has to name the highest modseq of what was found (RFC 7162 §3.1.5). */
    public static boolean asksModseq(SearchKey key) {
        return Facts.mentions(key, SearchKey.ChangedFrom.class::isInstance);
    }

    /** Whether it may find what does not match to the letter (RFC 6203 §3). */
    public static boolean isFuzzy(SearchKey key) {
        return Facts.mentions(key, SearchKey.Fuzzy.class::isInstance);
    }

    /** How well each of these messages matches a fuzzy key. */
    public Scores scores(SearchKey key, int[] matching, FolderView view, Progress progress) throws IOException {
        return new Relevancy(this, matching, view, progress).of(key);
    }

    /** The indexes of the matching messages in the told snapshot, ascending; progress counts messages that are read. */
    public int[] search(SearchKey key, FolderView view, Progress progress) throws IOException {
        var all = new BitSet();
        all.set(0, view.told().size());
        return search(key, view, all, progress);
    }

    /** As above, only among {@code candidates}. */
    public int[] search(SearchKey key, FolderView view, BitSet candidates, Progress progress) throws IOException {
        var matcher = new Matcher(key, view, clock.instant());
        var matching = new BitSet(view.told().size());
        var undecided = new BitSet();
        for (int i = candidates.nextSetBit(0); i >= 0; i = candidates.nextSetBit(i + 1)) {
            switch (matcher.verdict(i, Facts.NONE)) {
                case YES -> matching.set(i);
                case UNDECIDED -> undecided.set(i);
                case NO -> {}
            }
        }
        if (!undecided.isEmpty()) {
            gate.pass(() -> {
                scan(key, matcher, view, progress, matching, undecided);
                return matching;
            });
        }
        return matching.stream().toArray();
    }

    /** The index first, then headers, then whole messages: each pass only over what the one before left undecided. */
    private void scan(
            SearchKey key, Matcher matcher, FolderView view, Progress progress, BitSet matching, BitSet undecided)
            throws IOException {
        var told = view.told();
        var mailbox = view.folder().mailbox();
        var ids = undecided.stream().mapToLong(i -> told.content(i).value()).toArray();
        var indexed = new Indexed(key, index, mailbox, ids);
        for (int i = undecided.nextSetBit(0); i >= 0; i = undecided.nextSetBit(i + 1)) {
            decide(matcher, i, indexed.of(told.content(i).value()), matching, undecided);
        }
        var parts = headerParts(key);
        boolean readsText = mentionsText(key);
        int steps = undecided.cardinality();
        progress.of((long) steps * ((parts.isEmpty() ? 0 : 1) + (readsText ? 1 : 0)));
        if (!parts.isEmpty()) {
            pass(
                    matcher,
                    view,
                    progress,
                    parts,
                    message -> facts(indexed, message, new HeaderFacts(message)),
                    matching,
                    undecided);
        }
        if (readsText && !undecided.isEmpty()) {
            progress.at(parts.isEmpty() ? 0 : 2L * steps - undecided.cardinality());
            parts.add(ContentPart.STRUCTURE);
            parts.add(ContentPart.BYTES);
            pass(
                    matcher,
                    view,
                    progress,
                    parts,
                    message -> facts(indexed, message, new TextFacts(message, mailbox, contents, maxChars)),
                    matching,
                    undecided);
        }
    }

    /** What the pass over the headers reads. */
    private static EnumSet<ContentPart> headerParts(SearchKey key) {
        var parts = EnumSet.noneOf(ContentPart.class);
        if (Facts.mentions(key, SearchKey.Header.class::isInstance)) {
            parts.add(ContentPart.HEADER);
        }
        if (Facts.mentions(key, SearchKey.Sent.class::isInstance)) {
            parts.add(ContentPart.ENVELOPE);
        }
        if (Facts.mentions(key, SearchKey.Saved.class::isInstance)) {
            parts.add(ContentPart.SAVED);
        }
        return parts;
    }

    private static boolean mentionsText(SearchKey key) {
        return Facts.mentions(key, inner -> inner instanceof SearchKey.Body || inner instanceof SearchKey.Text);
    }

    private static Facts facts(Indexed indexed, MessageContent message, Facts read) {
        return indexed.of(message.content().value()).or(read);
    }

    /** Reads each undecided message and asks again; what is decided leaves {@code undecided}. */
    private void pass(
            Matcher matcher,
            FolderView view,
            Progress progress,
            Set<ContentPart> parts,
            Function<MessageContent, Facts> facts,
            BitSet matching,
            BitSet undecided)
            throws IOException {
        var told = view.told();
        var uids = new UidSet.Builder();
        undecided.stream().forEach(i -> uids.add(told.uid(i)));
        contents.messages(told, uids.build(), parts, message -> {
            progress.step();
            decide(matcher, told.indexOf(message.uid().value()), facts.apply(message), matching, undecided);
        });
    }

    private static void decide(Matcher matcher, int i, Facts facts, BitSet matching, BitSet undecided)
            throws IOException {
        switch (matcher.verdict(i, facts)) {
            case YES -> {
                matching.set(i);
                undecided.clear(i);
            }
            case NO -> undecided.clear(i);
            case UNDECIDED -> {}
        }
    }
}
