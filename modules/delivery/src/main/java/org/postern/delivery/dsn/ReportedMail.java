package org.postern.delivery.dsn;

import java.time.Instant;
import java.util.Optional;
import org.postern.model.Address;

/**
 * The message that a report is about.
 *
 * @param envid MAIL's ENVID as on the wire: xtext
 * @param smtpUtf8 whether its header may have UTF-8
 * @param expires until when it is tried
 */
public record ReportedMail(
        String traceId,
        Address returnPath,
        Optional<String> envid,
        boolean smtpUtf8,
        Instant arrived,
        Instant expires) {}
