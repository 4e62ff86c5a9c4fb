package org.postern.smtp.submission;

import java.time.Duration;
import org.postern.mime.bytes.SpoolSettings;
import org.postern.model.Domain;
import org.postern.model.HelpLine;

/**
 * How submission presents itself.
 *
 * @param host our name in the greeting and the Received field
 * @param showClientAddress whether the Received field tells the world where the sender sits
 * @param longestHold how far ahead a client may have a message released (RFC 4865)
 * @param spools where messages wait until they are complete; plans bound their size
 */
public record SubmissionSettings(
        Domain host,
        HelpLine help,
        boolean showClientAddress,
        Duration longestHold,
        SpoolSettings spools,
        SubmissionLimits limits) {}
