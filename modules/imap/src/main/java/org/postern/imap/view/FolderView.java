package org.postern.imap.view;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.postern.imap.Feature;
import org.postern.imap.Features;
import org.postern.imap.command.NumberSet;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.FetchValue;
import org.postern.imap.reply.Tagged;
import org.postern.imap.reply.Untagged;
import org.postern.mailstore.FolderSnapshot;
import org.postern.mailstore.FolderWatch;
import org.postern.mailstore.StoreOutcome.Stored;
import org.postern.model.FlagChange;
import org.postern.model.Flags;
import org.postern.model.FolderId;
import org.postern.model.FolderName;
import org.postern.model.Keyword;
import org.postern.model.Modseq;
import org.postern.model.Right;
import org.postern.model.Rights;
import org.postern.model.Uid;
import org.postern.model.UidSet;

/**
 * The selected folder as this client knows it: what it has been told, and the newest snapshot to tell it of (RFC 3501
 * §5.2, §7.4.1).
 */
public final class FolderView implements AutoCloseable {
    /** Hears of messages about to be told as expunged, while their numbers still hold. */
    @FunctionalInterface
    public interface ExpungeObserver {
        List<Untagged> before(FolderSnapshot told, UidSet gone);
    }

    private final Place place;
    private final FolderWatch watch;
    /** {@code EXAMINE}. */
    private final boolean examined;

    /** Whether new messages are {@code \Recent} to this session, where it is the first to hear of them. */
    private final boolean claims;

    private final Features features;
    private final Announcements announcements;

    private Rights rights;
    private FolderSnapshot told;
    /** The client knows all that happened up to here. Behind {@link #told} while expunges are held back. */
    private Modseq knownTo;
    /** All recent UIDs of this session, whether or not the client has been told of them yet. */
    private UidSet recent;

    /** What {@code $} stands for; of what is expunged since nobody hears any more (RFC 5182 §2.1). */
    private UidSet saved = UidSet.empty();

    /** Of messages with lower UIDs it is decided whether they are recent here. */
    private long recentDecidedTo;

    private List<Keyword> toldKeywords;
    /** Asked what else comes before expunges are told. */
    private ExpungeObserver observer = (_, _) -> List.of();
    /** Whether the client wants to hear of flags that others change. */
    private boolean tellsFlags = true;

    /**
     * {@code SELECT}: takes what is recent, unless the client knows no {@code \Recent} (RFC 9051 appendix E) or looks at what is
     * somebody else's.
     */
    public static FolderView readWrite(Place place, FolderWatch watch, Features features) {
        boolean claims = !features.has(Feature.IMAP4REV2) && place.rights().equals(Rights.ALL);
        var view = new FolderView(place, watch, features, false, UidSet.empty(), claims);
        view.told = view.newest();
        view.knownTo = view.told.modseq();
        view.toldKeywords = view.told.keywords();
        return view;
    }

    /** {@code EXAMINE}: the {@code recent} newest messages are recent and stay so (RFC 3501 §6.3.2). */
    public static FolderView readOnly(Place place, FolderWatch watch, Features features, long recent) {
        var snapshot = watch.snapshot();
        int first = (int) Math.max(0, snapshot.size() - recent);
        var uids = first < snapshot.size() ? UidSet.range(snapshot.uid(first), Uid.MAX) : UidSet.empty();
        return new FolderView(place, watch, features, true, uids, false);
    }

    private FolderView(
            Place place, FolderWatch watch, Features features, boolean examined, UidSet recent, boolean claims) {
        this.place = place;
        this.rights = place.rights();
        this.watch = watch;
        this.features = features;
        this.announcements = new Announcements(features);
        this.examined = examined;
        this.recent = recent;
        this.claims = claims;
        this.told = watch.snapshot();
        this.knownTo = told.modseq();
        this.toldKeywords = told.keywords();
    }

    public FolderName name() {
        return place.name();
    }

    public FolderId folder() {
        return told.folder();
    }

    /** What the client knows: index i is its message sequence number i + 1. */
    public FolderSnapshot told() {
        return told;
    }

    /** Whether nothing here can be changed: examined, or by the client's rights (RFC 4314 §5.2). */
    public boolean isReadOnly() {
        return examined || !rights.hasAny(Right.INSERT, Right.EXPUNGE, Right.SEEN, Right.WRITE, Right.MARK_DELETED);
    }

    public Rights rights() {
        return rights;
    }

    public boolean may(Right right) {
        return rights.has(right);
    }

    /** Looks what the client may do here by now, and says what flags that leaves it, if it is not the same (RFC 4314 §5.1.1). */
    public List<Untagged> recheck() {
        var now = place.now().get();
        if (now.equals(rights)) {
            return List.of();
        }
        rights = now;
        return List.of(
                new Untagged.DefinedFlags(definedFlags()),
                new Untagged.Note(Tagged.ok(permanentFlags(), "Flags permitted")));
    }

    /** Whether the folder was deleted by somebody else. */
    public boolean isGone() {
        return watch.snapshot().isGone();
    }

    public boolean isRecent(long uid) {
        return recent.contains(uid) && !features.has(Feature.IMAP4REV2);
    }

    public int recentCount() {
        int count = 0;
        for (int range = 0; range < recent.rangeCount(); range++) {
            count += indexFrom(told, recent.last(range) + 1) - indexFrom(told, recent.first(range));
        }
        return count;
    }

    /** The index of the first message of {@code snapshot} with that UID or a higher one. */
    private static int indexFrom(FolderSnapshot snapshot, long uid) {
        int at = snapshot.indexOf(uid);
        return at >= 0 ? at : -at - 1;
    }

    // ---- Numbers

    /**
     * The messages that the client means, or empty when it names a sequence number that it has not been told of. UIDs
     * that are not there are passed over (RFC 3501 §6.4.8).
     */
    public Optional<Selection> resolve(NumberSet set) {
        return resolve(set, told);
    }

    /** As {@link #resolve}, for a command that the news do not come before: UIDs mean what is there now, told or not. */
    public Optional<Selection> resolveUntold(NumberSet set) {
        return resolve(set, set.kind() == NumberSet.Kind.UID ? watch.snapshot() : told);
    }

    private Optional<Selection> resolve(NumberSet set, FolderSnapshot snapshot) {
        int size = snapshot.size();
        var indexes = savedIndexes(set, snapshot);
        for (var range : set.ranges()) {
            switch (set.kind()) {
                case SEQUENCE -> {
                    if (size == 0 && range.hasStar()) {
                        continue; // "*" of an empty folder names nothing: clients ask for 1:* without looking.
                    }
                    if (range.last(size) > size) {
                        return Optional.empty();
                    }
                    indexes.set((int) range.first(size) - 1, (int) range.last(size));
                }
                case UID -> markUids(range, snapshot, indexes);
            }
        }
        return Optional.of(new Selection(snapshot, indexes));
    }

    /** The messages of {@code $}, if that is what the client wrote. */
    private BitSet savedIndexes(NumberSet set, FolderSnapshot snapshot) {
        var indexes = new BitSet(snapshot.size());
        if (set.isSaved()) {
            for (int range = 0; range < saved.rangeCount(); range++) {
                indexes.set(indexFrom(snapshot, saved.first(range)), indexFrom(snapshot, saved.last(range) + 1));
            }
        }
        return indexes;
    }

    /** From now on {@code $} is these. */
    public void save(UidSet found) {
        saved = found;
    }

    private static void markUids(NumberSet.Range range, FolderSnapshot snapshot, BitSet indexes) {
        if (snapshot.size() > 0) {
            long largest = snapshot.uid(snapshot.size() - 1);
            indexes.set(
                    indexFrom(snapshot, range.first(largest)),
                    indexFrom(snapshot, Math.min(range.last(largest), Uid.MAX) + 1));
        }
    }

    /** As {@link #resolve}, but sequence numbers that are not there are passed over too: a SEARCH key (RFC 3501 §6.4.4). */
    public Selection matching(NumberSet set) {
        var indexes = savedIndexes(set, told);
        for (var range : set.ranges()) {
            switch (set.kind()) {
                case SEQUENCE -> {
                    long first = Math.max(1, range.first(told.size()));
                    long last = Math.min(range.last(told.size()), told.size());
                    if (first <= last) {
                        indexes.set((int) first - 1, (int) last);
                    }
                }
                case UID -> markUids(range, told, indexes);
            }
        }
        return new Selection(told, indexes);
    }

    /** Whether one of these was expunged, told or not. */
    public boolean isAnyGone(Selection selection) {
        var newest = watch.snapshot();
        return newest != told && selection.uids().stream().anyMatch(uid -> newest.indexOf(uid) < 0);
    }

    /** The sequence numbers of those of {@code uids} that the client knows. */
    public UidSet numbers(UidSet uids) {
        var numbers = new UidSet.Builder();
        uids.stream().mapToInt(told::indexOf).filter(index -> index >= 0).forEach(index -> numbers.add(index + 1L));
        return numbers.build();
    }

    // ---- News

    /** After this session's own STORE: the client knows what it did; what others did in between still shows. */
    public void predict(FlagChange change, Stored stored) {
        told = told.predicting(change, stored);
    }

    /**
     * What the client shall hear now, in the order of RFC 3501 §7: expunges, then the new size, then flags under the new
     * numbers. From here on it counts as told.
     *
     * @param withUid whether FETCH responses carry the UID: those of a UID command must (RFC 3501 §6.4.8)
     */
    public List<Untagged> refresh(Expunges expunges, boolean withUid) {
        return refresh(expunges, withUid, Shown.NOTHING);
    }

    /** As above, and {@code shown} in any case: what STORE answers. */
    public List<Untagged> refresh(Expunges expunges, boolean withUid, Shown shown) {
        var newest = newest();
        if ((newest == told && shown.isEmpty()) || newest.isGone()) {
            return List.of();
        }
        var difference = newest.differenceFrom(told);
        var news = new ArrayList<Untagged>();
        if (expunges == Expunges.MAY || difference.expunged().isEmpty()) {
            if (!difference.expunged().isEmpty()) {
                news.addAll(observer.before(told, difference.expunged()));
                news.addAll(announcements.expunged(told, difference.expunged()));
            }
            told = newest;
            knownTo = newest.modseq();
        } else {
            told = newest.retaining(told, difference.expunged());
        }
        if (!difference.added().isEmpty()) {
            news.add(new Untagged.Exists(told.size()));
            if (!features.has(Feature.IMAP4REV2)) {
                news.add(new Untagged.Recent(recentCount()));
            }
        }
        newKeywords(newest, news);
        var flags = tellsFlags ? difference.changed().union(shown.flags()) : shown.flags();
        flags.forEach(uid -> {
            if (newest.indexOf(uid) >= 0) { // Of an expunged one that is held back nobody knows flags any more.
                news.add(announcements.flags(told, told.indexOf(uid), withUid, isRecent(uid)));
            }
        });
        shown.modseqs().forEach(uid -> {
            if (newest.indexOf(uid) >= 0 && !flags.contains(uid)) {
                news.add(announcements.modseq(told, told.indexOf(uid), withUid));
            }
        });
        return news;
    }

    public void observe(ExpungeObserver watching) {
        observer = watching;
    }

    /** Whether {@link #refresh} tells of flags that nobody asked for (RFC 5465 §3.1). */
    public void tellsFlags(boolean wanted) {
        tellsFlags = wanted;
    }

    /** What a FETCH found of one message. */
    public Untagged fetched(int index, List<FetchValue> values) {
        return announcements.fetched(told, index, values);
    }

    /** The flags of one message, as a resynchronising client hears of them. */
    Untagged flagsOf(int index) {
        return announcements.flags(told, index, true, isRecent(told.uid(index)));
    }

    /** All that happened up to here the client knows; what it is told of later changes is not yet all (RFC 7162 §3.2). */
    public Modseq knownTo() {
        return knownTo;
    }

    /** Whether the client may not take the modseqs it sees for its newest: expunges before them are held back. */
    public boolean isBehind() {
        return features.has(Feature.QRESYNC) && told.modseq().isAfter(knownTo);
    }

    private void newKeywords(FolderSnapshot newest, List<Untagged> news) {
        if (!newest.keywords().equals(toldKeywords)) {
            toldKeywords = newest.keywords();
            news.add(new Untagged.DefinedFlags(definedFlags()));
            news.add(new Untagged.Note(Tagged.ok(permanentFlags(), "Flags permitted")));
        }
    }

    /** The newest snapshot, its new messages claimed as recent where nobody else has. */
    private FolderSnapshot newest() {
        var newest = watch.snapshot();
        if (claims && !newest.isGone() && newest.uidNext() > recentDecidedTo) {
            var claimed = watch.claimRecent(newest.uidNext());
            recent = recent.union(claimed);
            recentDecidedTo = claimed.isEmpty() ? newest.uidNext() : claimed.max() + 1;
        }
        return newest;
    }

    // ---- Flags

    /** All flags that messages here have or may have (RFC 3501 §7.2.6). */
    public List<String> definedFlags() {
        var names = new ArrayList<>(new Flags(Flags.ALL_SYSTEM_BITS, List.of()).names());
        toldKeywords.forEach(keyword -> names.add(keyword.name()));
        return names;
    }

    /** Those of them that the client may change (RFC 4314 §5.1.1). */
    public Code permanentFlags() {
        boolean words = !examined && may(Right.WRITE);
        var names = examined ? List.<String>of() : new ArrayList<>(new Flags(rights.systemFlags(), List.of()).names());
        if (words) {
            toldKeywords.forEach(keyword -> names.add(keyword.name()));
        }
        return new Code.PermanentFlags(names, words);
    }

    @Override
    public void close() {
        watch.close();
    }
}
