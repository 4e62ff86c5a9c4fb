package org.postern.accounts.sasl;

import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The message that ends a SCRAM exchange (RFC 5802 §7, {@code client-final-message}).
 *
 * @param signed the message without its proof
 * @param binding the GS2 header again, and behind it the channel binding
 */
@SuppressWarnings("ArrayRecordComponent") // Parsed and looked at once, never compared.
record ClientFinal(String signed, byte[] binding, String nonce, byte[] proof) {
    private static final Pattern GRAMMAR = Pattern.compile(
            "(?<signed>c=(?<binding>[A-Za-z0-9+/=]+),r=(?<nonce>[!-+--~]+)(?:,[A-Za-z]=[^,]+)*),p=(?<proof>[A-Za-z0-9+/=]+)");

    static Optional<ClientFinal> parse(String message) {
        var found = GRAMMAR.matcher(message);
        if (!found.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ClientFinal(
                    found.group("signed"),
                    Base64.getDecoder().decode(found.group("binding")),
                    found.group("nonce"),
                    Base64.getDecoder().decode(found.group("proof"))));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // Says only that it is not base64, which is our answer too.
        }
    }
}
