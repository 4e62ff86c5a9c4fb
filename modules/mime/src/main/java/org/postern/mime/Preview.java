package org.postern.mime;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.postern.mime.Structure.Leaf;
import org.postern.mime.Structure.MessagePart;
import org.postern.mime.Structure.Multipart;
import org.postern.mime.Structure.Text;
import org.postern.mime.bytes.MessageBytes;

/** The first words of a message as its reader would see them (RFC 8970 §3): one line, white space folded, HTML without its tags. */
final class Preview {
    /** How many text parts are tried when the first ones show nothing. */
    private static final int MAX_TRIES = 4;

    /** Most previews are made of the first of them, in bytes and in characters. */
    private static final int CHUNK = 512;

    private Preview() {}

    static String of(Structure structure, MessageBytes message, MimeLimits limits) throws IOException {
        var candidates = new ArrayList<Text>();
        collect(structure, candidates);
        for (var part : candidates) {
            if (part.extent().bodySize() > 0) {
                var text = of(part, message, limits);
                if (!text.isEmpty()) {
                    return text;
                }
            }
        }
        return "";
    }

    private static String of(Text part, MessageBytes message, MimeLimits limits) throws IOException {
        var line = new FoldedLine(ParsedMessage.PREVIEW_CHARACTERS);
        var html = part.fields().subtype().equals("html") ? new HtmlText(line) : null;
        try (Reader reader = PartText.open(part, message, limits.previewBytes(), CHUNK)) {
            var chunk = new char[CHUNK];
            for (int count; !line.isFull() && (count = reader.read(chunk)) >= 0; ) {
                if (html != null) {
                    html.add(chunk, count);
                } else {
                    line.add(chunk, count);
                }
            }
        }
        if (html != null) {
            html.end();
        }
        return line.text();
    }

    /** Of alternatives plain text first, which needs no guessing; attachments never. */
    private static void collect(Structure structure, List<Text> into) {
        if (into.size() >= MAX_TRIES) {
            return;
        }
        switch (structure) {
            case Text text -> {
                var subtype = text.fields().subtype();
                if ((subtype.equals("plain") || subtype.equals("html")) && !isAttachment(text)) {
                    into.add(text);
                }
            }
            case Leaf leaf -> {}
            case MessagePart message -> {}
            case Multipart multipart -> {
                if (multipart.fields().subtype().equals("alternative")) {
                    multipart.parts().stream().filter(Preview::isPlain).forEach(part -> collect(part, into));
                    multipart.parts().stream().filter(part -> !isPlain(part)).forEach(part -> collect(part, into));
                } else {
                    multipart.parts().forEach(part -> collect(part, into));
                }
            }
        }
    }

    private static boolean isPlain(Structure part) {
        return part.fields().is("text", "plain");
    }

    private static boolean isAttachment(Structure part) {
        return part.fields()
                .disposition()
                .filter(disposition -> disposition.type().equals("attachment"))
                .isPresent();
    }
}
