package org.postern.delivery.relay;

import java.time.Duration;
import org.postern.delivery.Backoff;
import org.postern.delivery.dns.DnsSettings;
import org.postern.delivery.relay.client.ClientLimits;

/**
 * Every bound of relaying.
 *
 * @param agents of one node: connections to other hosts at once
 * @param perDestination claims of one domain at once, over all nodes; one while nobody there answers
 * @param recipients claimed at once, and of one message in one transaction
 * @param messagesPerConnection before another one is opened
 * @param messagesPerClaim before other destinations have their turn
 * @param addresses tried in one attempt at one message
 * @param receivedFields of a message: more of them are a loop (RFC 5321 §6.3)
 * @param lease of a claim; renewed four times in it
 * @param retry before the next attempt at a recipient
 * @param quiet for which a destination is left alone when nobody there answers
 * @param settle how long the outcome of an attempt is kept while the database is away
 * @param poll the longest time between two looks at the queue
 * @param dispatch new messages told to their destinations at once
 * @param looks at destinations for one claim
 */
public record RelayLimits(
        int agents,
        int perDestination,
        int recipients,
        int messagesPerConnection,
        int messagesPerClaim,
        int addresses,
        int receivedFields,
        Duration lease,
        Backoff retry,
        Backoff quiet,
        Duration settle,
        Duration poll,
        int dispatch,
        int looks,
        ClientLimits client,
        DnsSettings dns) {
    public static final RelayLimits DEFAULT = new RelayLimits(
            100,
            8,
            100,
            100,
            500,
            10,
            100,
            Duration.ofSeconds(20),
            new Backoff(Duration.ofMinutes(5), Duration.ofHours(2)),
            new Backoff(Duration.ofMinutes(1), Duration.ofMinutes(30)),
            Duration.ofMinutes(2),
            Duration.ofSeconds(5),
            500,
            32,
            ClientLimits.DEFAULT,
            DnsSettings.DEFAULT);

    public RelayLimits {
        if (agents < 1
                || perDestination < 1
                || recipients < 1
                || messagesPerConnection < 1
                || messagesPerClaim < 1
                || addresses < 1
                || receivedFields < 1
                || dispatch < 1
                || looks < 1) {
            throw new IllegalArgumentException("relay bounds must be positive");
        }
        if (!lease.isPositive() || !settle.isPositive() || !poll.isPositive()) {
            throw new IllegalArgumentException("relay times must be positive");
        }
    }

    public RelayLimits withAgents(int most, int forOneDestination) {
        return new RelayLimits(
                most,
                forOneDestination,
                recipients,
                messagesPerConnection,
                messagesPerClaim,
                addresses,
                receivedFields,
                lease,
                retry,
                quiet,
                settle,
                poll,
                dispatch,
                looks,
                client,
                dns);
    }

    public RelayLimits withTimes(Duration leased, Backoff again, Backoff alone, Duration look) {
        return new RelayLimits(
                agents,
                perDestination,
                recipients,
                messagesPerConnection,
                messagesPerClaim,
                addresses,
                receivedFields,
                leased,
                again,
                alone,
                settle,
                look,
                dispatch,
                looks,
                client,
                dns);
    }

    public RelayLimits asking(DnsSettings asking) {
        return with(client, asking);
    }

    public RelayLimits with(ClientLimits speaking, DnsSettings asking) {
        return new RelayLimits(
                agents,
                perDestination,
                recipients,
                messagesPerConnection,
                messagesPerClaim,
                addresses,
                receivedFields,
                lease,
                retry,
                quiet,
                settle,
                poll,
                dispatch,
                looks,
                speaking,
                asking);
    }
}
