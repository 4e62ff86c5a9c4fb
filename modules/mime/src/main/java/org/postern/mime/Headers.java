package org.postern.mime;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The fields of one header block as slices of its bytes (RFC 5322 §2.2). Field names match in ASCII, whatever their case. */
public final class Headers {
    /** Up to which names are compared one by one. */
    private static final int FEW_NAMES = 32;

    private final byte[] block;

    private Headers(byte[] block) {
        this.block = block;
    }

    /** @param block a header with or without its closing blank line; not changed afterwards */
    public static Headers of(byte[] block) {
        return new Headers(block);
    }

    /** BODY[HEADER.FIELDS (…)]: the named fields as they stand, then the blank line if the block has one (RFC 9051 §6.4.5.1). */
    public byte[] only(Collection<String> names) {
        return slices(names, true);
    }

    /** BODY[HEADER.FIELDS.NOT (…)]: all the others, then the blank line. */
    public byte[] except(Collection<String> names) {
        return slices(names, false);
    }

    private byte[] slices(Collection<String> names, boolean wanted) {
        Predicate<FieldCursor> named = names.size() <= FEW_NAMES ? isOneOf(List.copyOf(names)) : isIn(names);
        var out = new ByteArrayOutputStream(Math.min(block.length, 1024));
        var cursor = new FieldCursor(block);
        while (cursor.next()) {
            if (named.test(cursor) == wanted) {
                out.write(block, cursor.start(), cursor.end() - cursor.start());
            }
        }
        out.write(block, cursor.end(), block.length - cursor.end());
        return out.toByteArray();
    }

    /** The few that clients ask for are compared where they stand: no text is made of any field's name. */
    private static Predicate<FieldCursor> isOneOf(List<String> names) {
        return field -> {
            for (var name : names) {
                if (field.isNamed(name)) {
                    return true;
                }
            }
            return false;
        };
    }

    private static Predicate<FieldCursor> isIn(Collection<String> names) {
        var lower = names.stream().map(Ascii::lower).collect(Collectors.toSet());
        return field -> lower.contains(field.name());
    }

    /** Readable values (unfolded, RFC 2047 decoded, any charset) of every field of that name, in order: SEARCH HEADER, SUBJECT, FROM. */
    public List<String> values(String name) {
        var values = new ArrayList<String>();
        var cursor = new FieldCursor(block);
        while (cursor.next()) {
            if (cursor.isNamed(name)) {
                values.add(decode(cursor.value(block.length)));
            }
        }
        return values;
    }

    /** The first field's unfolded value as wire text. */
    public Optional<String> raw(String name) {
        var cursor = new FieldCursor(block);
        while (cursor.next()) {
            if (cursor.isNamed(name)) {
                return Optional.of(cursor.value(block.length));
            }
        }
        return Optional.empty();
    }

    /**
     * One field as it stands.
     *
     * @param name in lower case; empty for a line that is no field
     * @param bytes with its line end, folded as it came
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    public record Field(String name, byte[] bytes) {}

    /** Every field, from top to bottom. */
    public List<Field> fields() {
        var fields = new ArrayList<Field>();
        var cursor = new FieldCursor(block);
        while (cursor.next()) {
            fields.add(new Field(cursor.name(), Arrays.copyOfRange(block, cursor.start(), cursor.end())));
        }
        return fields;
    }

    /** The addresses of every field of that name, in order, under {@link MimeLimits#DEFAULT}'s bounds. */
    public List<EnvelopeAddress> addresses(String name) {
        var limits = MimeLimits.DEFAULT;
        var kept = new Kept(limits.keptBytes());
        var addresses = new ArrayList<EnvelopeAddress>();
        var cursor = new FieldCursor(block);
        while (cursor.next()) {
            if (cursor.isNamed(name)) {
                int most = limits.addresses() - addresses.size();
                addresses.addAll(AddressParser.parse(cursor.value(limits.fieldBytes()), most, kept));
            }
        }
        return addresses;
    }

    /** All fields, readable, one a line: what SEARCH TEXT looks through. */
    public String text() {
        var out = new StringBuilder(block.length);
        var cursor = new FieldCursor(block);
        while (cursor.next()) {
            if (cursor.hasName()) {
                out.append(cursor.name()).append(": ");
            }
            out.append(decode(cursor.value(block.length))).append('\n');
        }
        return out.toString();
    }

    /** Wire text made readable: RFC 2047 encoded words decoded, raw 8-bit bytes taken as UTF-8 where they are, else as Windows-1252. */
    public static String decode(String wireText) {
        return EncodedWords.decode(wireText);
    }
}
