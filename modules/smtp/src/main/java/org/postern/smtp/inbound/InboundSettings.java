package org.postern.smtp.inbound;

import org.postern.delivery.FullMailboxes;
import org.postern.mime.bytes.SpoolSettings;
import org.postern.model.Domain;
import org.postern.model.HelpLine;

/**
 * How we present ourselves to other servers.
 *
 * @param host our name in the greeting and the Received field; also who answers for Authentication-Results (RFC 8601 §2.5)
 * @param spools where messages wait until they are complete
 */
public record InboundSettings(
        Domain host, HelpLine help, FullMailboxes fullMailboxes, SpoolSettings spools, InboundLimits limits) {}
