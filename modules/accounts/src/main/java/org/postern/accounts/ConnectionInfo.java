package org.postern.accounts;

import java.time.Instant;
import org.postern.model.Address;
import org.postern.model.ClientAddress;
import org.postern.model.ConnectionId;
import org.postern.model.MailboxId;
import org.postern.model.Protocol;

/**
 * A connection as an administrator sees it.
 *
 * @param node the name of the node that serves it
 * @param counted whether it counts against the caps: not when its network is exempt, its node's lease is over,
 *     or it still waits for another one to leave it its slot
 */
public record ConnectionInfo(
        ConnectionId id,
        MailboxId mailbox,
        Address address,
        String tokenName,
        Protocol protocol,
        ClientAddress client,
        String sessionId,
        String node,
        Instant openedAt,
        boolean counted) {}
