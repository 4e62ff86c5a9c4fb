package org.postern.accounts.sasl;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The message that begins a SCRAM exchange (RFC 5802 §7, {@code client-first-message}).
 *
 * @param binding what the client says of channel binding: {@code n}, {@code y}, or {@code p=} and the type
 * @param gs2Header the message's beginning up to {@link #bare}, which the last message repeats
 * @param bare the rest, which is signed
 * @param authorize whom the client wants to act for; mostly nobody, which gsasl may write as an empty name
 */
record ClientFirst(String binding, String gs2Header, String bare, String authorize, String user, String nonce) {
    private static final Pattern GRAMMAR =
            Pattern.compile("(?<gs2>(?<binding>n|y|p=[A-Za-z0-9.-]+),(?:a=(?<authorize>[^,]*))?,)"
                    + "(?<bare>n=(?<user>[^,]+),r=(?<nonce>[!-+--~]+)(?:,[A-Za-z]=[^,]+)*)");

    /** @return empty for what is no such message, and for one with an extension that would have to be understood */
    static Optional<ClientFirst> parse(String message) {
        var found = GRAMMAR.matcher(message);
        if (!found.matches()) {
            return Optional.empty();
        }
        var authorize = found.group("authorize");
        var user = name(found.group("user"));
        var actsFor = authorize == null ? Optional.of("") : name(authorize);
        return user.isEmpty() || actsFor.isEmpty()
                ? Optional.empty()
                : Optional.of(new ClientFirst(
                        found.group("binding"),
                        found.group("gs2"),
                        found.group("bare"),
                        actsFor.get(),
                        user.get(),
                        found.group("nonce")));
    }

    /** {@code saslname}: a comma is written {@code =2C}, an equals sign {@code =3D}, and nothing else begins with one. */
    private static Optional<String> name(String written) {
        var name = written.replace("=2C", ",");
        return name.replace("=3D", "").indexOf('=') < 0 ? Optional.of(name.replace("=3D", "=")) : Optional.empty();
    }
}
