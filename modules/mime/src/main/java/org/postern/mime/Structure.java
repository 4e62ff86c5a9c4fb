package org.postern.mime;

import java.util.List;
import java.util.Optional;

/**
 * What one message or part is made of and where its bytes lie (RFC 9051 §7.5.2, "BODYSTRUCTURE"; §9 {@code body}). Strings are wire
 * text; media types, encodings and parameter names are in lower case.
 */
public sealed interface Structure {
    ContentFields fields();

    Extent extent();

    /** A part without parts of its own. */
    sealed interface Leaf extends Structure {}

    /** {@code body-type-text}: text/*. */
    record Text(ContentFields fields, Extent extent) implements Leaf {}

    /** {@code body-type-basic}: everything else. */
    record Basic(ContentFields fields, Extent extent) implements Leaf {}

    /**
     * {@code body-type-msg}: message/rfc822 or message/global.
     *
     * @param body the message inside; its extent's {@code headerStart} is this part's {@code bodyStart}
     */
    record MessagePart(ContentFields fields, Extent extent, Envelope envelope, Structure body) implements Structure {}

    /**
     * {@code body-type-mpart}.
     *
     * @param parts at least one, in the order of the bytes
     */
    record Multipart(ContentFields fields, Extent extent, List<Structure> parts) implements Structure {
        public Multipart {
            parts = List.copyOf(parts);
            if (parts.isEmpty()) {
                throw new IllegalArgumentException("multipart without parts"); // RFC 9051 §9: 1*body
            }
        }
    }

    /**
     * Where a part lies, in bytes from the start of the whole message.
     *
     * @param headerStart of the part's MIME header (of a message inside another: of its header)
     * @param bodyStart behind the header's blank line
     * @param bodyEnd before the line end that belongs to the delimiter (RFC 2046 §5.1.1)
     * @param lines of the body; an unfinished last line counts
     */
    record Extent(long headerStart, long bodyStart, long bodyEnd, int lines) {
        public Extent {
            if (headerStart < 0 || bodyStart < headerStart || bodyEnd < bodyStart || lines < 0) {
                throw new IllegalArgumentException(
                        "extent out of order: " + headerStart + ", " + bodyStart + ", " + bodyEnd + ", " + lines);
            }
        }

        /** Octets of the body, in its transfer encoding. */
        public long bodySize() {
            return bodyEnd - bodyStart;
        }

        /** Octets of the header, its blank line included. */
        public long headerSize() {
            return bodyStart - headerStart;
        }
    }

    /**
     * The Content-* fields of a part.
     *
     * @param encoding Content-Transfer-Encoding, {@code 7bit} when absent
     * @param language tags of Content-Language
     */
    record ContentFields(
            String type,
            String subtype,
            List<Parameter> parameters,
            Optional<String> id,
            Optional<String> description,
            String encoding,
            Optional<String> md5,
            Optional<Disposition> disposition,
            List<String> language,
            Optional<String> location) {
        public ContentFields {
            parameters = List.copyOf(parameters);
            language = List.copyOf(language);
        }

        /** The value of the parameter of that lower-case name. */
        public Optional<String> parameter(String name) {
            return Parameter.find(parameters, name);
        }

        public boolean is(String type, String subtype) {
            return this.type.equals(type) && this.subtype.equals(subtype);
        }
    }

    /**
     * One {@code attribute=value} (RFC 2045 §5.1), continuations joined (RFC 2231 §3). Where the value carries a charset the name keeps
     * its {@code *} and the value its percent encoding (§4): clients of IMAP decode that themselves.
     */
    record Parameter(String name, String value) {
        static Optional<String> find(List<Parameter> parameters, String name) {
            for (var parameter : parameters) {
                if (parameter.name().equals(name)) {
                    return Optional.of(parameter.value());
                }
            }
            return Optional.empty();
        }
    }

    /** Content-Disposition (RFC 2183). */
    record Disposition(String type, List<Parameter> parameters) {
        public Disposition {
            parameters = List.copyOf(parameters);
        }

        public Optional<String> parameter(String name) {
            return Parameter.find(parameters, name);
        }
    }

    /**
     * The part that a section number names, this being a message's own body (RFC 9051 §6.4.5.1): {@code 1} of a message that is not
     * multipart is its body; numbers go on through a message/rfc822 into the message inside.
     *
     * @param path numbers from 1; an empty path names the message itself, which is no part
     */
    default Optional<Structure> part(List<Integer> path) {
        if (path.isEmpty()) {
            return Optional.empty();
        }
        var part = inMessage(this, path.getFirst());
        for (int i = 1; i < path.size() && part.isPresent(); i++) {
            int number = path.get(i);
            part = switch (part.get()) {
                case Multipart multipart -> nth(multipart, number);
                case MessagePart message -> inMessage(message.body(), number);
                case Leaf leaf -> Optional.empty();
            };
        }
        return part;
    }

    private static Optional<Structure> inMessage(Structure body, int number) {
        return switch (body) {
            case Multipart multipart -> nth(multipart, number);
            case MessagePart message -> number == 1 ? Optional.of(message) : Optional.empty();
            case Leaf leaf -> number == 1 ? Optional.of(leaf) : Optional.empty();
        };
    }

    private static Optional<Structure> nth(Multipart multipart, int number) {
        return number >= 1 && number <= multipart.parts().size()
                ? Optional.of(multipart.parts().get(number - 1))
                : Optional.empty();
    }
}
