package org.postern.delivery.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.postern.mime.Headers;
import org.postern.model.Domain;

/**
 * A DKIM-Signature as it came, its tags checked (RFC 6376 §3.5, §6.1.1).
 *
 * @param bodyLimit {@code l=}
 * @param unsigned the field with its {@code b=} emptied
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record ReceivedSignature(
        KeyAlgorithm algorithm,
        Canonicalization header,
        Canonicalization body,
        Domain domain,
        String selector,
        List<String> names,
        byte[] bodyHash,
        byte[] value,
        long bodyLimit,
        Optional<Instant> expires,
        byte[] unsigned) {

    private static final Pattern VALUE = Pattern.compile("(^|;)([ \\t\\r\\n]*b[ \\t\\r\\n]*=)[^;]*", Pattern.DOTALL);
    private static final Pattern SELECTOR = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62})");
    private static final int MAX_DIGITS = 18;

    /** Why a field is no signature that could be verified. */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String why) {
            super(why, null, false, false);
        }

        String why() {
            return String.valueOf(getMessage());
        }
    }

    static ReceivedSignature of(Headers.Field field) throws Unusable {
        var text = new String(field.bytes(), ISO_8859_1);
        int colon = text.indexOf(':') + 1;
        var tags = TagList.parse(text.substring(colon)).orElseThrow(() -> new Unusable("no list of tags"));
        if (!wanted(tags, "v").equals("1")) {
            throw new Unusable("unknown version");
        }
        var domain = Domain.parse(wanted(tags, "d")).orElseThrow(() -> new Unusable("d= is no domain"));
        checkIdentity(tags, domain);
        var canonicalizations = tags.compact("c").orElse("simple/simple").split("/", 2);
        var names = List.of(wanted(tags, "h").split(":", -1));
        if (names.stream().noneMatch(name -> name.toLowerCase(Locale.ROOT).equals("from"))) {
            throw new Unusable("From is not signed");
        }
        if (!tags.compact("q")
                .map(methods -> List.of(methods.split(":", -1)).contains("dns/txt"))
                .orElse(true)) {
            throw new Unusable("the key is not in the DNS");
        }
        return new ReceivedSignature(
                KeyAlgorithm.ofWire(wanted(tags, "a")).orElseThrow(() -> new Unusable("unknown algorithm")),
                canonicalization(canonicalizations[0]),
                canonicalization(canonicalizations.length == 2 ? canonicalizations[1] : "simple"),
                domain,
                selector(wanted(tags, "s")),
                names,
                base64(wanted(tags, "bh")),
                base64(wanted(tags, "b")),
                number(tags, "l").orElse(Long.MAX_VALUE),
                number(tags, "x").map(Instant::ofEpochSecond),
                (text.substring(0, colon) + VALUE.matcher(text.substring(colon)).replaceFirst("$1$2"))
                        .getBytes(ISO_8859_1));
    }

    private static String wanted(TagList tags, String name) throws Unusable {
        return tags.compact(name).orElseThrow(() -> new Unusable("without " + name + '='));
    }

    /** §3.5: who is signed for is in the signer's domain. */
    private static void checkIdentity(TagList tags, Domain domain) throws Unusable {
        var identity = tags.compact("i").orElse("@" + domain);
        var host = identity.substring(identity.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
        if (!host.equals(domain.name()) && !host.endsWith('.' + domain.name())) {
            throw new Unusable("i= is not in d=");
        }
    }

    private static Canonicalization canonicalization(String name) throws Unusable {
        return Canonicalization.of(name).orElseThrow(() -> new Unusable("unknown canonicalization"));
    }

    private static String selector(String text) throws Unusable {
        if (!SELECTOR.matcher(text).matches()) {
            throw new Unusable("s= is no selector");
        }
        return text;
    }

    private static byte[] base64(String text) throws Unusable {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new Unusable("not base64");
        }
    }

    private static Optional<Long> number(TagList tags, String name) throws Unusable {
        var text = tags.compact(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (text.get().isEmpty()
                || text.get().length() > MAX_DIGITS
                || !text.get().chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new Unusable(name + "= is no number");
        }
        return Optional.of(Long.parseLong(text.get()));
    }

    boolean hashes(byte[] body) {
        return Arrays.equals(bodyHash, body);
    }
}
