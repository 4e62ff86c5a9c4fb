package org.postern.transfer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How the other server makes UIDLs, as Dovecot's {@code pop3_uidl_format} writes it: {@code %v} UIDVALIDITY, {@code %u} UID,
 * {@code %f} the Maildir file's name, each with a width and {@code X} for hexadecimal, as in {@code %08Xu%08Xv}.
 */
public final class UidlFormat {
    private static final Pattern VARIABLE = Pattern.compile("%(0?\\d{1,2})?(X?)([uvf])");
    private static final int HEX = 16;
    private static final int DECIMAL = 10;

    private final List<Piece> pieces;

    private sealed interface Piece {
        record Text(String text) implements Piece {}

        /** @param name u, v or f */
        record Variable(char name, int width, int radix) implements Piece {}
    }

    private UidlFormat(List<Piece> pieces) {
        this.pieces = pieces;
    }

    /** @throws IllegalArgumentException when it has something that is not known */
    public static UidlFormat parse(String format) {
        var pieces = new ArrayList<Piece>();
        var found = VARIABLE.matcher(format);
        int at = 0;
        while (found.find()) {
            pieces.add(new Piece.Text(format.substring(at, found.start())));
            int width = found.group(1) == null ? 0 : Integer.parseInt(found.group(1));
            pieces.add(new Piece.Variable(
                    found.group(3).charAt(0), width, found.group(2).isEmpty() ? DECIMAL : HEX));
            at = found.end();
        }
        pieces.add(new Piece.Text(format.substring(at)));
        boolean odd = pieces.stream().anyMatch(piece -> piece instanceof Piece.Text(var text) && text.contains("%"));
        if (odd || pieces.size() == 1) {
            throw new IllegalArgumentException("UIDLs are made of %u, %v and %f, as in %08Xu%08Xv: " + format);
        }
        return new UidlFormat(pieces);
    }

    /**
     * The UIDL of one message; empty where it would need what is not known of it.
     *
     * @param uidValidity 0: not known
     * @param uid 0: not known
     * @param file empty: not known
     */
    public Optional<String> of(long uidValidity, long uid, String file) {
        var uidl = new StringBuilder();
        for (var piece : pieces) {
            switch (piece) {
                case Piece.Text(var text) -> uidl.append(text);
                case Piece.Variable variable -> {
                    var value = value(variable, uidValidity, uid, file);
                    if (value.isEmpty()) {
                        return Optional.empty();
                    }
                    uidl.append("0".repeat(Math.max(0, variable.width - value.length())))
                            .append(value);
                }
            }
        }
        return Optional.of(uidl.toString());
    }

    private static String value(Piece.Variable variable, long uidValidity, long uid, String file) {
        if (variable.name == 'f') {
            return file;
        }
        long number = variable.name == 'u' ? uid : uidValidity;
        return number == 0 ? "" : Long.toString(number, variable.radix);
    }
}
