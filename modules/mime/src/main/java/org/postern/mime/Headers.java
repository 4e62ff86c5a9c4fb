package org.postern.mime;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The fields of one header block as slices of its bytes (RFC 5322 §2.2). Field names match in ASCII, whatever their case. */
@SuppressWarnings("DoNotCallSuggester") // Bodies land next.
public final class Headers {
    private Headers() {}

    /** @param block a header with or without its closing blank line; not changed afterwards */
    public static Headers of(byte[] block) {
        throw new UnsupportedOperationException();
    }

    /** BODY[HEADER.FIELDS (…)]: the named fields as they stand, then the blank line if the block has one (RFC 9051 §6.4.5.1). */
    public byte[] only(Collection<String> names) {
        throw new UnsupportedOperationException();
    }

    /** BODY[HEADER.FIELDS.NOT (…)]. */
    public byte[] except(Collection<String> names) {
        throw new UnsupportedOperationException();
    }

    /** Readable values (unfolded, RFC 2047 decoded, any charset) of every field of that name, in order: SEARCH HEADER. */
    public List<String> values(String name) {
        throw new UnsupportedOperationException();
    }

    /** The first field's unfolded value as wire text. */
    public Optional<String> raw(String name) {
        throw new UnsupportedOperationException();
    }

    /** Wire text made readable: RFC 2047 encoded words decoded, raw 8-bit bytes taken as UTF-8 where they are, else Windows-1252. */
    public static String decode(String wireText) {
        throw new UnsupportedOperationException();
    }
}
