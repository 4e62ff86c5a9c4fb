package org.postern.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.postern.mailstore.NewMessage;
import org.postern.mime.MessageBytes;
import org.postern.mime.ParsedMessage;
import org.postern.mime.Structure;
import org.postern.mime.Structure.Basic;
import org.postern.mime.Structure.Extent;
import org.postern.mime.Structure.MessagePart;
import org.postern.mime.Structure.Multipart;
import org.postern.mime.Structure.Text;
import org.postern.model.Address;
import org.postern.model.Flags;

/**
 * A message as its recipient's mailbox keeps it: Return-Path, which final delivery adds (RFC 5321 §4.4), and Delivered-To in
 * front of the bytes that were accepted. What is known of the message moves along with them and is not parsed again.
 */
final class FinalDelivery {
    private FinalDelivery() {}

    static NewMessage of(
            MessageBytes bytes, ParsedMessage parsed, Optional<Address> returnPath, Address recipient, Instant at) {
        var fields = "Return-Path: <" + returnPath.map(Address::toString).orElse("") + ">\r\nDelivered-To: " + recipient
                + "\r\n";
        var front = fields.getBytes(UTF_8);
        return new NewMessage(behind(front.length, parsed), new PrefixedBytes(front, bytes), Flags.NONE, at);
    }

    private static ParsedMessage behind(int front, ParsedMessage parsed) {
        return new ParsedMessage(
                parsed.size() + front,
                parsed.headerSize() + front,
                parsed.envelope(),
                moved(front, parsed.structure(), true),
                parsed.preview());
    }

    /** @param outermost its header begins where the message does, so it grows where the others move */
    private static Structure moved(int by, Structure structure, boolean outermost) {
        var old = structure.extent();
        var extent = new Extent(
                outermost ? old.headerStart() : old.headerStart() + by,
                old.bodyStart() + by,
                old.bodyEnd() + by,
                old.lines());
        return switch (structure) {
            case Text text -> new Text(text.fields(), extent);
            case Basic basic -> new Basic(basic.fields(), extent);
            case MessagePart message ->
                new MessagePart(message.fields(), extent, message.envelope(), moved(by, message.body(), false));
            case Multipart multipart -> new Multipart(multipart.fields(), extent, moved(by, multipart.parts()));
        };
    }

    private static List<Structure> moved(int by, List<Structure> parts) {
        return parts.stream().map(part -> moved(by, part, false)).toList();
    }
}
