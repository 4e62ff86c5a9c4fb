package org.postern.delivery.dkim;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.postern.mime.Headers;
import org.postern.mime.bytes.MessageBytes;

/**
 * Signs messages, relaxed/relaxed, with every key that it is given (RFC 6376 §5): the body is hashed once, in one pass.
 *
 * <p>The fields that say what a message is are signed once more than they are there, so that nobody can add one (§8.15).
 */
final class DkimSigner {
    /** Signed as often as they are there, and once more. */
    private static final List<String> OVERSIGNED = List.of(
            "From",
            "Sender",
            "Reply-To",
            "Subject",
            "Date",
            "Message-ID",
            "To",
            "Cc",
            "In-Reply-To",
            "References",
            "MIME-Version",
            "Content-Type",
            "Content-Transfer-Encoding");

    /** Signed where they are there (§5.4.1). */
    private static final Set<String> SIGNED = Set.of(
            "list-id",
            "list-help",
            "list-unsubscribe",
            "list-unsubscribe-post",
            "list-subscribe",
            "list-post",
            "list-owner",
            "list-archive",
            "content-id",
            "content-description",
            "resent-from",
            "resent-to",
            "resent-cc",
            "resent-date",
            "resent-message-id");

    private static final int LINE = 72;
    private static final int SLICE_BYTES = 64 * 1024;

    private final List<SigningKey> keys;

    DkimSigner(List<SigningKey> keys) {
        this.keys = keys;
    }

    /**
     * The fields to put in front of the message.
     *
     * @param headerSize bytes of its header, the blank line included
     */
    String sign(MessageBytes message, int headerSize, Instant now) throws IOException {
        if (keys.isEmpty()) {
            return "";
        }
        byte[] block;
        var hash = new BodyHash(Canonicalization.RELAXED, Long.MAX_VALUE);
        try (var in = message.open()) {
            block = in.readNBytes(headerSize);
            var slice = new byte[(int) Math.min(SLICE_BYTES, Math.max(1, message.size()))];
            for (int got = in.read(slice); got >= 0; got = in.read(slice)) {
                hash.update(slice, 0, got);
            }
        }
        var bodyHash = hash.finish();
        var fields = Headers.of(block).fields();
        var names = names(fields);
        var signatures = new StringBuilder();
        for (var key : keys) {
            signatures.append(sign(key, fields, names, bodyHash, now));
        }
        return signatures.toString();
    }

    private static List<String> names(List<Headers.Field> fields) {
        var names = new ArrayList<String>();
        for (var name : OVERSIGNED) {
            for (int i = 0; i <= count(fields, name); i++) {
                names.add(name);
            }
        }
        for (var field : fields) {
            if (SIGNED.contains(field.name())) {
                names.add(field.name());
            }
        }
        return names;
    }

    private static long count(List<Headers.Field> fields, String name) {
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .count();
    }

    private static String sign(
            SigningKey key, List<Headers.Field> fields, List<String> names, byte[] bodyHash, Instant now) {
        var unsigned = "DKIM-Signature: v=1; a=" + key.algorithm().wire() + "; c=relaxed/relaxed; d=" + key.domain()
                + ";\r\n\ts=" + key.selector() + "; t=" + now.getEpochSecond() + "; bh=" + base64(bodyHash)
                + ";\r\n\th=" + folded(names) + ";\r\n\tb=";
        var text = SignedText.of(fields, names, Canonicalization.RELAXED, unsigned.getBytes(US_ASCII));
        var value = base64(key.algorithm().sign(key.privateKey(), text));
        var signature = new StringBuilder(unsigned);
        for (int at = 0; at < value.length(); at += LINE) {
            signature.append(at == 0 ? "" : "\r\n\t ").append(value, at, Math.min(at + LINE, value.length()));
        }
        return signature.append("\r\n").toString();
    }

    private static String folded(List<String> names) {
        var list = new StringBuilder();
        int line = 0;
        for (var name : names) {
            if (!list.isEmpty()) {
                list.append(':');
            }
            if (line + name.length() > LINE) {
                list.append("\r\n\t ");
                line = 0;
            }
            list.append(name);
            line += name.length() + 1;
        }
        return list.toString();
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
