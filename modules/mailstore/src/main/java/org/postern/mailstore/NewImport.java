package org.postern.mailstore;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * A message about to be brought from elsewhere.
 *
 * @param uid what the source calls it, where that is to be kept
 * @param uidl what POP3 calls it, where that is not made of UIDVALIDITY and UID; 1 to 70 visible characters (RFC 1939 §7)
 */
public record NewImport(NewMessage message, ImportKey key, OptionalLong uid, Optional<String> uidl) {
    public NewImport {
        if (uidl.isPresent() && !isUidl(uidl.get())) {
            throw new IllegalArgumentException("no UIDL: " + uidl.get());
        }
    }

    public static boolean isUidl(String text) {
        return !text.isEmpty() && text.length() <= 70 && text.chars().allMatch(c -> c >= '!' && c <= '~');
    }
}
