package org.postern.delivery.dkim;

import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import org.postern.mime.Headers;

/** The text that a signature signs: chosen fields, then the signature's own with an empty {@code b=} (RFC 6376 §3.7). */
final class SignedText {
    private SignedText() {}

    /**
     * @param names as {@code h=} has them; of several fields with one name the last is taken first, and a name too many is nothing
     *     (§5.4.2)
     * @param unsigned the signature's field with its {@code b=} emptied
     */
    static byte[] of(
            List<Headers.Field> fields, List<String> names, Canonicalization canonicalization, byte[] unsigned) {
        var text = new ByteArrayOutputStream();
        var searchedDownTo = new HashMap<String, Integer>();
        for (var name : names) {
            var wanted = name.toLowerCase(Locale.ROOT);
            int at = searchedDownTo.getOrDefault(wanted, fields.size()) - 1;
            while (at >= 0 && !fields.get(at).name().equals(wanted)) {
                at--;
            }
            if (at >= 0) {
                text.writeBytes(canonicalization.header(fields.get(at).bytes()));
            }
            searchedDownTo.put(wanted, Math.max(at, 0));
        }
        var last = canonicalization.header(unsigned);
        text.write(last, 0, last.length - 2); // Without its line end.
        return text.toByteArray();
    }
}
