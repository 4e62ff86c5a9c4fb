package org.postern.delivery;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What MAIL said beside the return path; it goes along with the message for as long as that is queued.
 *
 * @param smtpUtf8 whether addresses and header may have UTF-8 (RFC 6531 §3.4): no host without SMTPUTF8 may be given the message
 * @param parameters what else was asked for, by the keywords of the wire in capitals: ENVID, RET
 * @param holdUntil nobody gets the message before (RFC 4865)
 */
public record MailOptions(
        BodyType bodyType, boolean smtpUtf8, Map<String, String> parameters, Optional<Instant> holdUntil) {
    /** Nothing was asked for. */
    public static final MailOptions NONE = of(BodyType.SEVEN_BIT);

    public MailOptions {
        parameters = Map.copyOf(parameters);
    }

    public static MailOptions of(BodyType bodyType) {
        return new MailOptions(bodyType, false, Map.of(), Optional.empty());
    }
}
