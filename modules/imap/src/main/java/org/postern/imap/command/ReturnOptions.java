package org.postern.imap.command;

import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a search shall tell of its result (RFC 4731 §3.1, RFC 5182 §2.1, RFC 9394 §3.1, RFC 5267 §4, RFC 6203 §4).
 *
 * @param page never together with {@link Item#ALL}
 * @param update whether the client wants to hear how the result changes, and what of new messages comes along (RFC 5465 §7)
 */
public record ReturnOptions(Set<Item> items, Optional<Page> page, Optional<Set<FetchItem>> update) {
    /** {@code search-return-opt} without arguments. */
    public enum Item {
        MIN,
        MAX,
        ALL,
        COUNT,
        /** How well each message matches. */
        RELEVANCY,
        /** What was found becomes {@code $}. */
        SAVE
    }

    /** {@code RETURN ()} is {@code RETURN (ALL)}. */
    public static final ReturnOptions ALL = new ReturnOptions(EnumSet.of(Item.ALL), Optional.empty(), Optional.empty());

    public ReturnOptions {
        items = Set.copyOf(items);
        update = update.map(some -> Collections.unmodifiableSet(new LinkedHashSet<>(some)));
    }

    public boolean has(Item item) {
        return items.contains(item);
    }

    /** Whether nothing but {@code SAVE} is asked: the client wants no response (RFC 5182 §2.1). */
    public boolean onlySaves() {
        return page.isEmpty() && update.isEmpty() && items.equals(Set.of(Item.SAVE));
    }
}
