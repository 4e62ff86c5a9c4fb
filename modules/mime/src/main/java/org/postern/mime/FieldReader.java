package org.postern.mime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postern.mime.Structure.ContentFields;
import org.postern.mime.Structure.Disposition;
import org.postern.mime.Structure.Parameter;

/**
 * One header block read in one pass: its Content-* fields and, of a message, its envelope. Of a field given twice the first counts,
 * but recipients add up (RFC 5322 §4.5.3).
 */
final class FieldReader {
    private final MimeLimits limits;
    private final Kept kept;

    private @Nullable String contentType;
    private @Nullable String encoding;
    private @Nullable String id;
    private @Nullable String description;
    private @Nullable String md5;
    private @Nullable String disposition;
    private @Nullable String language;
    private @Nullable String location;

    private @Nullable String date;
    private @Nullable String subject;
    private @Nullable String inReplyTo;
    private @Nullable String messageId;
    private @Nullable String references;
    private @Nullable List<EnvelopeAddress> from;
    private @Nullable List<EnvelopeAddress> sender;
    private @Nullable List<EnvelopeAddress> replyTo;
    private @Nullable List<EnvelopeAddress> to;
    private @Nullable List<EnvelopeAddress> cc;
    private @Nullable List<EnvelopeAddress> bcc;

    FieldReader(FieldCursor cursor, boolean ofMessage, MimeLimits limits, Kept kept) {
        this.limits = limits;
        this.kept = kept;
        while (cursor.next()) {
            var field = KnownField.at(cursor);
            if (ofMessage || field.isOfContent()) {
                read(field, cursor);
            }
        }
    }

    private void read(KnownField field, FieldCursor cursor) {
        switch (field) {
            case CONTENT_TYPE -> contentType = first(contentType, cursor);
            case CONTENT_TRANSFER_ENCODING -> encoding = first(encoding, cursor);
            case CONTENT_ID -> id = first(id, cursor);
            case CONTENT_DESCRIPTION -> description = first(description, cursor);
            case CONTENT_MD5 -> md5 = first(md5, cursor);
            case CONTENT_DISPOSITION -> disposition = first(disposition, cursor);
            case CONTENT_LANGUAGE -> language = first(language, cursor);
            case CONTENT_LOCATION -> location = first(location, cursor);
            case DATE -> date = first(date, cursor);
            case SUBJECT -> subject = first(subject, cursor);
            case IN_REPLY_TO -> inReplyTo = first(inReplyTo, cursor);
            case MESSAGE_ID -> messageId = first(messageId, cursor);
            case REFERENCES -> references = first(references, cursor);
            case FROM -> from = more(from, cursor);
            case SENDER -> sender = more(sender, cursor);
            case REPLY_TO -> replyTo = more(replyTo, cursor);
            case TO -> to = more(to, cursor);
            case CC -> cc = more(cc, cursor);
            case BCC -> bcc = more(bcc, cursor);
            case OTHER -> {} // Part of neither an envelope nor a structure.
        }
    }

    private String first(@Nullable String before, FieldCursor cursor) {
        return before != null ? before : cursor.value(limits.fieldBytes());
    }

    private List<EnvelopeAddress> more(@Nullable List<EnvelopeAddress> before, FieldCursor cursor) {
        int most = limits.addresses() - (before == null ? 0 : before.size());
        var found = AddressParser.parse(cursor.value(limits.fieldBytes()), most, kept);
        if (before == null || before.isEmpty()) {
            return found;
        }
        before.addAll(found);
        return before;
    }

    Envelope envelope() {
        var author = orEmpty(from);
        return new Envelope(
                keep(date),
                keep(subject),
                author,
                orFrom(sender, author),
                orFrom(replyTo, author),
                orEmpty(to),
                orEmpty(cc),
                orEmpty(bcc),
                keep(inReplyTo),
                keep(messageId),
                references == null ? List.of() : MessageIds.of(references, limits.references(), kept),
                date == null ? Optional.empty() : DateParser.parse(date));
    }

    private static List<EnvelopeAddress> orEmpty(@Nullable List<EnvelopeAddress> addresses) {
        return addresses == null ? List.of() : List.copyOf(addresses);
    }

    private static List<EnvelopeAddress> orFrom(@Nullable List<EnvelopeAddress> addresses, List<EnvelopeAddress> from) {
        return addresses == null || addresses.isEmpty() ? from : List.copyOf(addresses);
    }

    private Optional<String> keep(@Nullable String text) {
        return text == null ? Optional.empty() : kept.keep(text);
    }

    /** @param inDigest whether the part stands in a multipart/digest, where message/rfc822 is the default (RFC 2046 §5.1.5) */
    ContentFields contentFields(boolean inDigest) {
        var media = contentType == null ? null : MediaType.parse(contentType, limits.parameters(), kept);
        if (media == null) {
            media = contentType == null && inDigest ? MediaType.MESSAGE : MediaType.PLAIN;
        }
        return new ContentFields(
                media.type(),
                media.subtype(),
                media.parameters(),
                keep(id),
                keep(description),
                transferEncoding(),
                keep(md5),
                disposition(),
                languages(),
                keep(location));
    }

    private String transferEncoding() {
        if (encoding == null) {
            return "7bit";
        }
        var word = Ascii.lower(firstWord(encoding, 0));
        return !word.isEmpty() && kept.take(word.length()) ? word : "7bit";
    }

    private Optional<Disposition> disposition() {
        if (disposition == null) {
            return Optional.empty();
        }
        var type = Ascii.lower(firstWord(disposition, 0));
        if (!Ascii.isToken(type) || !kept.take(type.length())) {
            return Optional.empty();
        }
        return Optional.of(
                new Disposition(type, ParameterParser.parse(disposition, type.length(), limits.parameters(), kept)));
    }

    private List<String> languages() {
        if (language == null) {
            return List.of();
        }
        var tags = new ArrayList<String>();
        int at = 0;
        while (at < language.length() && tags.size() < limits.parameters()) {
            int comma = language.indexOf(',', at);
            int end = comma < 0 ? language.length() : comma;
            var tag = firstWord(Ascii.trim(language.substring(at, end)), 0);
            if (Ascii.isToken(tag) && kept.take(tag.length())) {
                tags.add(tag);
            }
            at = end + 1;
        }
        return tags;
    }

    /** Up to white space, a semicolon or a comment. */
    static String firstWord(String text, int from) {
        int end = from;
        while (end < text.length()
                && !Ascii.isSpace(text.charAt(end))
                && text.charAt(end) != ';'
                && text.charAt(end) != '(') {
            end++;
        }
        return text.substring(from, end);
    }

    /** {@code type "/" subtype *(";" parameter)}, the first two in lower case (RFC 2045 §5.1). */
    private record MediaType(String type, String subtype, List<Parameter> parameters) {
        /** RFC 2045 §5.2. */
        static final MediaType PLAIN = new MediaType("text", "plain", List.of(new Parameter("charset", "us-ascii")));

        static final MediaType MESSAGE = new MediaType("message", "rfc822", List.of());

        /** Null when it is none; such a part is taken as text (RFC 2045 §5.2). */
        static @Nullable MediaType parse(String text, int most, Kept kept) {
            int slash = text.indexOf('/');
            if (slash < 0) {
                return null;
            }
            var type = Ascii.lower(Ascii.trim(text.substring(0, slash)));
            int from = slash + 1;
            while (from < text.length() && Ascii.isSpace(text.charAt(from))) {
                from++;
            }
            var subtype = Ascii.lower(firstWord(text, from));
            if (!Ascii.isToken(type) || !Ascii.isToken(subtype) || !kept.take(type.length() + subtype.length())) {
                return null;
            }
            return new MediaType(type, subtype, ParameterParser.parse(text, from + subtype.length(), most, kept));
        }
    }
}
