package org.postern.mime;

import java.util.List;
import java.util.Optional;
import org.postern.mime.EnvelopeAddress.GroupEnd;
import org.postern.mime.EnvelopeAddress.GroupStart;
import org.postern.mime.EnvelopeAddress.Mailbox;
import org.postern.mime.Structure.MessagePart;
import org.postern.mime.Structure.Multipart;
import org.postern.mime.Structure.Parameter;

/** A parsed message as lines of text, to be compared with what a file says it should be. */
final class Portrait {
    private static final int MAX_DEPTH_SHOWN = 6;

    private final StringBuilder out = new StringBuilder();

    private Portrait() {}

    static String of(ParsedMessage message) {
        var portrait = new Portrait();
        portrait.line(0, "size " + message.size() + ", header " + message.headerSize());
        portrait.envelope(0, message.envelope());
        portrait.structure(0, message.structure());
        portrait.line(0, "preview: " + message.preview());
        return portrait.out.toString();
    }

    private void line(int depth, String text) {
        out.append("  ".repeat(depth));
        var shown = text.length() > 300 ? text.substring(0, 300) + "… " + text.length() : text;
        for (int i = 0; i < shown.length(); i++) {
            char c = shown.charAt(i);
            if (c < ' ' || (c >= 0x7F && c < 0xA0)) {
                out.append(String.format("\\x%02x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('\n');
    }

    private void envelope(int depth, Envelope envelope) {
        optional(depth, "date", envelope.date());
        envelope.sentAt().ifPresent(sent -> line(depth, "sent: " + sent));
        optional(depth, "subject", envelope.subject());
        addresses(depth, "from", envelope.from());
        if (!envelope.sender().equals(envelope.from())) {
            addresses(depth, "sender", envelope.sender());
        }
        if (!envelope.replyTo().equals(envelope.from())) {
            addresses(depth, "reply-to", envelope.replyTo());
        }
        addresses(depth, "to", envelope.to());
        addresses(depth, "cc", envelope.cc());
        addresses(depth, "bcc", envelope.bcc());
        optional(depth, "in-reply-to", envelope.inReplyTo());
        optional(depth, "message-id", envelope.messageId());
        envelope.references().forEach(id -> line(depth, "reference: " + id));
    }

    private void optional(int depth, String name, Optional<String> text) {
        text.ifPresent(t -> line(depth, name + ": '" + t + "'"));
    }

    private void addresses(int depth, String name, List<EnvelopeAddress> addresses) {
        for (var address : addresses) {
            line(
                    depth,
                    name + ": "
                            + switch (address) {
                                case GroupStart(var group) -> "group '" + group + "'";
                                case GroupEnd end -> "end of group";
                                case Mailbox mailbox ->
                                    mailbox.name().map(n -> "'" + n + "' ").orElse("")
                                            + "<"
                                            + mailbox.route().map(r -> r + ":").orElse("") + mailbox.mailbox() + " @ "
                                            + mailbox.host() + ">";
                            });
        }
    }

    private void structure(int depth, Structure part) {
        if (depth > MAX_DEPTH_SHOWN) {
            line(depth, "…");
            return;
        }
        var fields = part.fields();
        var extent = part.extent();
        line(
                depth,
                part.getClass().getSimpleName() + " " + fields.type() + "/" + fields.subtype() + " ["
                        + extent.headerStart() + ", " + extent.bodyStart() + ", " + extent.bodyEnd() + ") "
                        + extent.lines() + " lines, " + fields.encoding());
        parameters(depth + 1, fields.parameters());
        optional(depth + 1, "id", fields.id());
        optional(depth + 1, "description", fields.description());
        optional(depth + 1, "md5", fields.md5());
        fields.disposition().ifPresent(disposition -> {
            line(depth + 1, "disposition: " + disposition.type());
            parameters(depth + 2, disposition.parameters());
        });
        if (!fields.language().isEmpty()) {
            line(depth + 1, "language: " + fields.language());
        }
        optional(depth + 1, "location", fields.location());
        switch (part) {
            case Structure.Leaf leaf -> {}
            case MessagePart message -> {
                envelope(depth + 1, message.envelope());
                structure(depth + 1, message.body());
            }
            case Multipart multipart -> multipart.parts().forEach(each -> structure(depth + 1, each));
        }
    }

    private void parameters(int depth, List<Parameter> parameters) {
        parameters.forEach(p -> line(depth, "; " + p.name() + "='" + p.value() + "'"));
    }
}
