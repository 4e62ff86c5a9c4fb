package org.postern.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.postern.mime.ParsedMessage;
import org.postern.mime.Structure;
import org.postern.mime.Structure.Basic;
import org.postern.mime.Structure.Extent;
import org.postern.mime.Structure.MessagePart;
import org.postern.mime.Structure.Multipart;
import org.postern.mime.Structure.Text;
import org.postern.mime.bytes.MessageBytes;

/** A message with what is known of it, which moves along when fields are put in front: nothing is copied or parsed again. */
public record Letter(MessageBytes bytes, ParsedMessage parsed) {
    /** @param fields each with its line end; none that mail apps list, or it would not be what they are told */
    public Letter behind(String fields) {
        var front = fields.getBytes(UTF_8);
        return front.length == 0 ? this : new Letter(new PrefixedBytes(front, bytes), behind(front.length));
    }

    private ParsedMessage behind(int front) {
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
