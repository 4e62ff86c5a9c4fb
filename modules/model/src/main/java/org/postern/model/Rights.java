package org.postern.model;

import java.util.List;
import java.util.Optional;

/**
 * A set of rights to a folder (RFC 4314 §2).
 *
 * @param bits one for each {@link Right}; part of the schema
 */
public record Rights(int bits) {
    public static final Rights NONE = new Rights(0);
    public static final Rights ALL = new Rights((1 << Right.values().length) - 1);
    /** The rights of those RFC 2086 had no letters for: {@code RIGHTS=} names them (RFC 4314 §5.1.1). */
    public static final String NEW_LETTERS = "texk";

    /** What {@code c} stands for: with us DELETE has always gone with CREATE (§2.1.1). */
    private static final Rights OBSOLETE_CREATE = of(Right.CREATE, Right.DELETE);
    /** What {@code d} stands for. */
    private static final Rights OBSOLETE_DELETE = of(Right.MARK_DELETED, Right.EXPUNGE);

    public Rights {
        if ((bits & -1 << Right.values().length) != 0) {
            throw new IllegalArgumentException("unknown rights " + bits);
        }
    }

    public static Rights of(Right... rights) {
        int bits = 0;
        for (var right : rights) {
            bits |= right.bit();
        }
        return new Rights(bits);
    }

    /** The rights that the letters name, obsolete ones too; empty where one names none. */
    public static Optional<Rights> named(String letters) {
        var rights = NONE;
        for (int i = 0; i < letters.length(); i++) {
            char letter = letters.charAt(i);
            var more = switch (letter) {
                case 'c' -> Optional.of(OBSOLETE_CREATE);
                case 'd' -> Optional.of(OBSOLETE_DELETE);
                default -> Right.of(letter).map(Rights::of);
            };
            if (more.isEmpty()) {
                return Optional.empty();
            }
            rights = rights.with(more.get());
        }
        return Optional.of(rights);
    }

    public boolean has(Right right) {
        return (bits & right.bit()) != 0;
    }

    public boolean hasAny(Right... some) {
        return (bits & of(some).bits) != 0;
    }

    public boolean isEmpty() {
        return bits == 0;
    }

    public Rights with(Rights added) {
        return new Rights(bits | added.bits);
    }

    public Rights without(Rights removed) {
        return new Rights(bits & ~removed.bits);
    }

    /** The system flags that may be set and removed (§4). */
    public int systemFlags() {
        int others = Flags.ALL_SYSTEM_BITS & ~SystemFlag.SEEN.bit() & ~SystemFlag.DELETED.bit();
        return (has(Right.SEEN) ? SystemFlag.SEEN.bit() : 0)
                | (has(Right.MARK_DELETED) ? SystemFlag.DELETED.bit() : 0)
                | (has(Right.WRITE) ? others : 0);
    }

    /** Those of the flags that may be set and removed. */
    public Flags among(Flags flags) {
        return new Flags(flags.systemBits() & systemFlags(), has(Right.WRITE) ? flags.keywords() : List.of());
    }

    /** The letters as clients read them: the obsolete ones come along where any of what they stand for is there (§2.1.1). */
    public String letters() {
        var letters = new StringBuilder(toString());
        if ((bits & OBSOLETE_CREATE.bits) != 0) {
            letters.append('c');
        }
        if ((bits & OBSOLETE_DELETE.bits) != 0) {
            letters.append('d');
        }
        return letters.toString();
    }

    /** The letters alone. */
    @Override
    public String toString() {
        var letters = new StringBuilder();
        for (var right : Right.values()) {
            if (has(right)) {
                letters.append(right.letter());
            }
        }
        return letters.toString();
    }
}
