package org.postern.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What MAIL said beside the return path; it goes along with the message for as long as that is queued.
 *
 * @param smtpUtf8 whether addresses and header may have UTF-8 (RFC 6531 §3.4): no host without SMTPUTF8 may be given the message
 * @param parameters what else was asked for, by the keywords of the wire in capitals: ENVID, RET, BY, …
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

    /** Of the same message when its binary parts have become text. */
    public MailOptions asText() {
        return bodyType == BodyType.BINARY
                ? new MailOptions(BodyType.EIGHT_BIT_MIME, smtpUtf8, parameters, holdUntil)
                : this;
    }

    /** How long the message is tried for: as long as its sender says that it is worth the trouble (RFC 2852 §4.1.4). */
    Duration expiry(DeliveryLimits limits) {
        return by("R").filter(by -> by.compareTo(limits.expiry()) < 0).orElse(limits.expiry());
    }

    /** After which time the sender is told that it still waits: as the sender says (RFC 2852 §4.1.4). */
    Duration delayNotice(DeliveryLimits limits) {
        return by("N").filter(by -> by.compareTo(limits.delayNotice()) < 0).orElse(limits.delayNotice());
    }

    private Optional<Duration> by(String mode) {
        return Optional.ofNullable(parameters.get("BY"))
                .filter(by -> by.endsWith(";" + mode))
                .map(by -> Duration.ofSeconds(Math.max(0, Long.parseLong(by.substring(0, by.indexOf(';'))))));
    }
}
