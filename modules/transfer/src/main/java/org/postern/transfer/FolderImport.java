package org.postern.transfer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.ImportKey;
import org.postern.mailstore.ImportOutcome.Imported;
import org.postern.mailstore.ImportOutcome.KnownMeanwhile;
import org.postern.mailstore.ImportedMessage;
import org.postern.mailstore.Imports;
import org.postern.mailstore.NewImport;
import org.postern.mailstore.NewMessage;
import org.postern.mailstore.NoSuchFolder;
import org.postern.mailstore.NotStored;
import org.postern.mailstore.OverQuota;
import org.postern.mailstore.TooManyKeywords;
import org.postern.mailstore.UidsExhausted;
import org.postern.mime.MessageParser;
import org.postern.mime.bytes.Spool;
import org.postern.mime.bytes.SpoolFull;
import org.postern.model.FlagChange;
import org.postern.model.FlagChange.Mode;
import org.postern.model.Flags;
import org.postern.model.FolderId;
import org.postern.model.FolderName;
import org.postern.model.UidSet;
import org.postern.model.UidValidity;
import org.postern.transfer.Trouble.Code;

/**
 * Brings one folder: groups of messages, each one transaction.
 *
 * @param <M> the source's hold on a message
 */
final class FolderImport<M extends SourceMessage> {
    /** What one transaction stores: at most so many messages, and no more once their bytes pass the other bound. */
    static final int GROUP_MESSAGES = 64;

    static final int GROUP_BYTES = 1024 * 1024;
    private static final int COPY_BUFFER = 64 * 1024;

    private final SourceFolder<M> source;
    private final FolderName target;
    private final ImportSettings settings;
    private final ImportListener listener;
    private final Imports imports;
    private final FolderStore store;
    private final byte[] buffer = new byte[COPY_BUFFER];
    private ImportCounts counts;
    private boolean stopped;
    private boolean toldOfUids;

    FolderImport(
            SourceFolder<M> source,
            FolderName target,
            ImportSettings settings,
            ImportListener listener,
            Imports imports,
            FolderStore store,
            ImportCounts counts) {
        this.source = source;
        this.target = target;
        this.settings = settings;
        this.listener = listener;
        this.imports = imports;
        this.store = store;
        this.counts = counts;
    }

    ImportCounts counts() {
        return counts;
    }

    /** Whether the mailbox takes no more. */
    boolean isStopped() {
        return stopped;
    }

    /** @return whether there is a point in more */
    boolean take(List<M> messages) throws IOException {
        var known = imports.known(
                settings.mailbox(),
                messages.stream().map(message -> message.facts().key()).toList());
        reflag(messages, known);
        var group = new ArrayList<M>();
        long bytes = 0;
        for (var message : messages) {
            if (known.containsKey(message.facts().key())) {
                continue;
            }
            long size = message.facts().size();
            if (group.size() == GROUP_MESSAGES || (!group.isEmpty() && bytes + size > GROUP_BYTES)) {
                bring(group);
                group.clear();
                bytes = 0;
            }
            if (stopped) {
                return false;
            }
            group.add(message);
            bytes += size;
        }
        if (!group.isEmpty()) {
            bring(group);
        }
        return !stopped;
    }

    /** What the source has changed since it was last looked at is changed here; what was changed here only stays. */
    private void reflag(List<M> messages, Map<ImportKey, ImportedMessage> known) {
        record Change(FolderId folder, FlagChange change) {}
        var changes = new LinkedHashMap<Change, UidSet.Builder>();
        var seen = new HashMap<ImportKey, Flags>();
        for (var message : messages) {
            var before = known.get(message.facts().key());
            var now = message.facts().flags();
            if (before == null || before.seen().equals(now)) {
                continue;
            }
            for (var change : List.of(
                    new FlagChange(Mode.ADD, now.without(before.seen())),
                    new FlagChange(Mode.REMOVE, before.seen().without(now)))) {
                if (!change.flags().isEmpty()) {
                    changes.computeIfAbsent(new Change(before.folder(), change), c -> new UidSet.Builder())
                            .add(before.uid().value());
                }
            }
            seen.put(message.facts().key(), now);
        }
        changes.forEach((change, uids) -> store.store(change.folder, uids.build(), change.change, Optional.empty()));
        if (!seen.isEmpty()) {
            imports.saw(settings.mailbox(), seen);
        }
        long here = messages.stream()
                .filter(message -> known.containsKey(message.facts().key()))
                .count();
        counts = counts.withKnown(here, seen.size());
        listener.progress(counts);
    }

    private void bring(List<M> group) throws IOException {
        source.prepare(group);
        var spools = new ArrayList<Spool>();
        try {
            var read = new ArrayList<Read<M>>();
            for (var message : group) {
                read(message, spools).ifPresent(read::add);
            }
            append(read);
        } finally {
            for (var spool : spools) {
                spool.close();
            }
        }
        listener.progress(counts);
    }

    /** A message whose bytes are at hand. */
    private record Read<M>(M message, NewImport ready) {}

    private Optional<Read<M>> read(M message, List<Spool> spools) throws IOException {
        var facts = message.facts();
        var spool = Spool.in(settings.spools());
        spools.add(spool);
        var problem = copy(message, spool);
        if (problem.isPresent()) {
            leaveOut(problem.get());
            return Optional.empty();
        }
        spool.finish();
        if (spool.size() == 0) {
            leaveOut(trouble(Code.EMPTY, message, "it has no bytes"));
            return Optional.empty();
        }
        var parsed = new NewMessage(MessageParser.parse(spool), spool, facts.flags(), facts.date());
        return Optional.of(new Read<>(message, new NewImport(parsed, facts.key(), facts.uid(), uidl(message))));
    }

    private Optional<String> uidl(M message) {
        var uidl = message.facts().uidl();
        if (uidl.isPresent() && !NewImport.isUidl(uidl.get())) {
            listener.trouble(trouble(Code.UIDL_NOT_KEPT, message, "this is none: " + uidl.get()));
            return Optional.empty();
        }
        return target.isInbox() ? uidl : Optional.empty(); // POP3 sees no other folder.
    }

    /** Only what the source does wrong is a message's trouble; a full disk of ours ends the import. */
    private Optional<Trouble> copy(M message, Spool spool) throws IOException {
        try (var in = SourceBytes.of(message)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                spool.write(buffer, 0, n);
            }
            return Optional.empty();
        } catch (SpoolFull e) {
            return Optional.of(trouble(Code.TOO_BIG, message, "it has more than " + e.maxBytes() + " bytes"));
        } catch (SourceBytes.Unreadable e) {
            return Optional.of(trouble(Code.UNREADABLE, message, String.valueOf(e.getMessage())));
        }
    }

    private void append(List<Read<M>> read) throws IOException {
        var left = read;
        int together = GROUP_MESSAGES;
        while (!left.isEmpty() && !stopped) {
            var group = left.subList(0, Math.min(together, left.size()));
            var outcome = imports.append(
                    settings.mailbox(),
                    target,
                    uidValidity(),
                    group.stream().map(Read::ready).toList(),
                    settings.limit());
            if (outcome instanceof Imported imported && imported.stopped().orElse(null) instanceof OverQuota) {
                together = 1; // All do not fit, but some may.
            }
            left = switch (outcome) {
                case KnownMeanwhile _ -> unknown(left);
                case Imported imported -> {
                    stored(group, imported);
                    var rest = left.subList(imported.uids().size(), left.size());
                    yield imported.stopped().isPresent() && group.size() <= together
                            ? goOn(rest, imported.stopped().get())
                            : rest;
                }
            };
        }
    }

    private Optional<UidValidity> uidValidity() {
        var validity = source.facts().uidValidity();
        return settings.keepUids() ? validity.filter(FolderImport::leavesRoom) : Optional.empty();
    }

    /** The mailbox's next folders need UIDVALIDITYs too, and get higher ones. */
    private static boolean leavesRoom(UidValidity validity) {
        return validity.value() < 0xFFFF_FFFFL - 1_000_000;
    }

    private List<Read<M>> unknown(List<Read<M>> left) {
        var known = imports.known(
                settings.mailbox(), left.stream().map(each -> each.ready.key()).toList());
        counts = counts.withKnown(known.size(), 0);
        return left.stream()
                .filter(each -> !known.containsKey(each.ready.key()))
                .toList();
    }

    private void stored(List<Read<M>> given, Imported imported) {
        int count = imported.uids().size();
        var stored = given.subList(0, count);
        counts = counts.withImported(
                count,
                stored.stream()
                        .mapToLong(each -> each.ready.message().bytes().size())
                        .sum());
        if (imported.lostUidls() > 0) {
            var text = imported.lostUidls() + " messages up to this one have no UIDL of their own: others have theirs";
            listener.trouble(trouble(Code.UIDL_NOT_KEPT, stored.getLast().message, text));
        }
        if (settings.keepUids() && !toldOfUids) {
            for (int i = 0; i < count; i++) {
                var uid = given.get(i).ready.uid();
                if (uid.isEmpty() || uid.getAsLong() != imported.uids().get(i).value()) {
                    toldOfUids = true; // Once is enough: the whole folder is concerned.
                    var text = "UIDs are kept in new folders only, where the source says its UIDVALIDITY";
                    listener.trouble(trouble(Code.UIDS_NOT_KEPT, given.get(i).message, text));
                    return;
                }
            }
        }
    }

    /** What is left to store after a folder took no more. */
    private List<Read<M>> goOn(List<Read<M>> rest, NotStored why) {
        return switch (why) {
            case OverQuota(var resource, var used, var max) -> {
                var unit = resource.name().toLowerCase(Locale.ROOT);
                stop(rest, Code.OVER_QUOTA, "the mailbox has " + used + " of " + max + " " + unit);
                yield List.of();
            }
            case UidsExhausted _ -> {
                stop(rest, Code.UIDS_EXHAUSTED, "the folder has used up its UIDs");
                yield List.of();
            }
            case NoSuchFolder _ -> {
                stop(rest, Code.UNREADABLE, "somebody has deleted the folder " + target + " meanwhile");
                yield List.of();
            }
            case TooManyKeywords(var max) -> {
                var text = "the folder has " + max + " different keywords already: these messages get none";
                listener.trouble(trouble(Code.KEYWORDS_DROPPED, rest.getFirst().message, text));
                yield rest.stream().map(FolderImport::withoutKeywords).toList();
            }
        };
    }

    private static <M> Read<M> withoutKeywords(Read<M> read) {
        var ready = read.ready;
        var message = ready.message();
        var plain = new NewMessage(
                message.parsed(),
                message.bytes(),
                new Flags(message.flags().systemBits(), List.of()),
                message.internalDate());
        return new Read<>(read.message, new NewImport(plain, ready.key(), ready.uid(), ready.uidl()));
    }

    private void stop(List<Read<M>> rest, Code code, String text) {
        stopped = true;
        counts = counts.withLeftOut(rest.size());
        listener.trouble(trouble(code, rest.getFirst().message, text));
    }

    private void leaveOut(Trouble trouble) {
        counts = counts.withLeftOut(1);
        listener.trouble(trouble);
    }

    private Trouble trouble(Code code, M message, String text) {
        return new Trouble(code, source.facts().name().value(), message.facts().name(), text);
    }
}
