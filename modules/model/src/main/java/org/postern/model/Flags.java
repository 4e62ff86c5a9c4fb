package org.postern.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * The flags of one message: system flags as bits, keywords sorted without repetition (RFC 9051 §2.3.2).
 *
 * @param systemBits the {@link SystemFlag#bit()}s
 * @param keywords sorted, at most {@value #MAX_KEYWORDS}
 */
public record Flags(int systemBits, List<Keyword> keywords) {
    public static final int MAX_KEYWORDS = 64;
    public static final int ALL_SYSTEM_BITS = (1 << SystemFlag.values().length) - 1;
    public static final Flags NONE = new Flags(0, List.of());

    public Flags {
        if ((systemBits & ~ALL_SYSTEM_BITS) != 0) {
            throw new IllegalArgumentException("unknown system flag bits " + systemBits);
        }
        keywords = keywords.isEmpty() ? List.of() : List.copyOf(new TreeSet<>(keywords));
        if (keywords.size() > MAX_KEYWORDS) {
            throw new IllegalArgumentException("more than " + MAX_KEYWORDS + " keywords");
        }
    }

    public static Flags of(SystemFlag... flags) {
        return new Flags(Arrays.stream(flags).mapToInt(SystemFlag::bit).reduce(0, (a, b) -> a | b), List.of());
    }

    public boolean has(SystemFlag flag) {
        return (systemBits & flag.bit()) != 0;
    }

    public boolean has(Keyword keyword) {
        return keywords.contains(keyword);
    }

    public Flags with(Flags added) {
        if (added.keywords.isEmpty()) {
            return new Flags(systemBits | added.systemBits, keywords);
        }
        var all = new ArrayList<>(keywords);
        all.addAll(added.keywords);
        return new Flags(systemBits | added.systemBits, all);
    }

    public Flags without(Flags removed) {
        var left = new ArrayList<>(keywords);
        left.removeAll(removed.keywords);
        return new Flags(systemBits & ~removed.systemBits, left);
    }

    public boolean isEmpty() {
        return systemBits == 0 && keywords.isEmpty();
    }

    /** Wire names: system flags first, then keywords. */
    public List<String> names() {
        var names = new ArrayList<String>();
        for (var flag : SystemFlag.values()) {
            if (has(flag)) {
                names.add(flag.wire());
            }
        }
        for (var keyword : keywords) {
            names.add(keyword.name());
        }
        return names;
    }
}
