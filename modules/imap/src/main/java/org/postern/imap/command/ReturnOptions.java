package org.postern.imap.command;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a search shall tell of its result (RFC 4731 §3.1, RFC 5182 §2.1, RFC 9394 §3.1).
 *
 * @param items never empty unless {@code page} is there
 * @param page never together with {@link Item#ALL}
 */
public record ReturnOptions(Set<Item> items, Optional<Page> page) {
    /** {@code search-return-opt} without arguments. */
    public enum Item {
        MIN,
        MAX,
        ALL,
        COUNT,
        /** What was found becomes {@code $}. */
        SAVE
    }

    /** {@code RETURN ()} is {@code RETURN (ALL)}. */
    public static final ReturnOptions ALL = new ReturnOptions(EnumSet.of(Item.ALL), Optional.empty());

    public ReturnOptions {
        items = Set.copyOf(items);
    }

    public boolean has(Item item) {
        return items.contains(item);
    }

    /** Whether nothing but {@code SAVE} is asked: the client wants no response (RFC 5182 §2.1). */
    public boolean onlySaves() {
        return page.isEmpty() && items.equals(Set.of(Item.SAVE));
    }
}
