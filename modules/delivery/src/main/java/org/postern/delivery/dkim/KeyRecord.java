package org.postern.delivery.dkim;

import java.security.PublicKey;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** A published key (RFC 6376 §3.6.1). */
record KeyRecord(KeyAlgorithm algorithm, PublicKey key, boolean testing) {
    /** Why a record gives no key. */
    sealed interface Outcome {
        record Usable(KeyRecord key) implements Outcome {}

        record Unusable(String why) implements Outcome {}
    }

    /** @param text of one TXT record */
    static Outcome read(String text, KeyAlgorithm wanted) {
        var parsed = TagList.parse(text);
        if (parsed.isEmpty()) {
            return new Outcome.Unusable("the key record cannot be read");
        }
        var tags = parsed.get();
        if (tags.get("v").isPresent() && !tags.beginsWith("v", "DKIM1")) {
            return new Outcome.Unusable("the key record has an unknown version");
        }
        if (!tags.get("k").orElse("rsa").equals(wanted.keyType())) {
            return new Outcome.Unusable("the key is of another kind");
        }
        if (!allows(tags.compact("h"), "sha256") || !allows(tags.compact("s"), "email", "*")) {
            return new Outcome.Unusable("the key is for something else");
        }
        var value = tags.compact("p").orElse("");
        if (value.isEmpty()) {
            return new Outcome.Unusable("the key is revoked");
        }
        var flags = List.of(tags.compact("t").orElse("").split(":", -1));
        return decoded(value)
                .flatMap(wanted::publicKey)
                .<Outcome>map(key -> new Outcome.Usable(new KeyRecord(wanted, key, flags.contains("y"))))
                .orElseGet(() -> new Outcome.Unusable("the key cannot be used"));
    }

    private static boolean allows(Optional<String> list, String... any) {
        return list.map(values -> List.of(values.split(":", -1)))
                .map(values -> List.of(any).stream().anyMatch(values::contains))
                .orElse(true);
    }

    private static Optional<byte[]> decoded(String base64) {
        try {
            return Optional.of(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // Then it is no key.
        }
    }
}
