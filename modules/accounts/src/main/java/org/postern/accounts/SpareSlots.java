package org.postern.accounts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.function.Predicate;

/**
 * The slots that sessions of this node have left a moment ago. Webmail and phones come back at once: whoever does takes over a
 * slot that counts as his would, and neither is one freed nor another one taken. They count until they are freed, which is
 * before anybody is refused for them ({@link ConnectionRegistry#open}).
 */
final class SpareSlots {
    /** More than are left within a moment; a slot beyond is freed at once. */
    static final int MAX_SPARE = 10_000;

    private final Duration kept;
    /** By connection, the longest spare first. */
    private final SequencedMap<Long, Spare> spare = new LinkedHashMap<>();

    private final SequencedMap<SlotHolder, List<Long>> byHolder = new LinkedHashMap<>();

    private record Spare(SlotHolder holder, long since) {}

    /** @param kept how long each at least; zero for none */
    SpareSlots(Duration kept) {
        this.kept = kept;
    }

    /** Keeps a slot; false when it has to be freed. */
    synchronized boolean keep(long connection, SlotHolder holder) {
        if (kept.isZero() || !holder.mayLeaveSpare() || spare.size() >= MAX_SPARE) {
            return false;
        }
        spare.put(connection, new Spare(holder, System.nanoTime()));
        byHolder.computeIfAbsent(holder, none -> new ArrayList<>(1)).add(connection);
        return true;
    }

    /** A slot that the holder has left, which is spare no longer. */
    synchronized OptionalLong take(SlotHolder holder) {
        var left = byHolder.get(holder);
        if (left == null) {
            return OptionalLong.empty();
        }
        long latest = left.getLast();
        remove(latest);
        return OptionalLong.of(latest);
    }

    /** Those that have been kept long enough, which are spare no longer. */
    synchronized List<Long> takeOld() {
        long now = System.nanoTime();
        var old = new ArrayList<Long>();
        for (var entry : spare.entrySet()) {
            if (now - entry.getValue().since() < kept.toNanos()) {
                break;
            }
            old.add(entry.getKey());
        }
        old.forEach(this::remove);
        return old;
    }

    /** All whose holders are such, which are spare no longer. */
    synchronized List<Long> takeAll(Predicate<SlotHolder> which) {
        var taken = byHolder.entrySet().stream()
                .filter(entry -> which.test(entry.getKey()))
                .flatMap(entry -> entry.getValue().stream())
                .toList();
        taken.forEach(this::remove);
        return taken;
    }

    private void remove(long connection) {
        var removed = spare.remove(connection);
        if (removed != null) {
            byHolder.computeIfPresent(removed.holder(), (holder, left) -> {
                left.remove(connection);
                return left.isEmpty() ? null : left;
            });
        }
    }
}
