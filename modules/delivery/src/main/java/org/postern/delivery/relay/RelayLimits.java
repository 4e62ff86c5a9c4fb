package org.postern.delivery.relay;

import java.time.Duration;
import org.postern.delivery.Backoff;
import org.postern.delivery.dns.DnsSettings;
import org.postern.delivery.relay.client.ClientLimits;

/** Every bound of relaying. */
public record RelayLimits(Concurrency concurrency, Portions portions, Pace pace, ClientLimits client, DnsSettings dns) {
    public static final RelayLimits DEFAULT = new RelayLimits(
            Concurrency.DEFAULT, Portions.DEFAULT, Pace.DEFAULT, ClientLimits.DEFAULT, DnsSettings.DEFAULT);

    /**
     * How much at once.
     *
     * @param agents of one node: connections to other hosts
     * @param perDestination claims of one domain, over all nodes; one while nobody there answers
     */
    public record Concurrency(int agents, int perDestination) {
        public static final Concurrency DEFAULT = new Concurrency(100, 8);

        public Concurrency {
            checkPositive(agents, perDestination);
        }
    }

    /**
     * How much before something else has its turn.
     *
     * @param recipients claimed at once, and of one message in one transaction
     * @param messagesPerConnection before another one is opened
     * @param messagesPerClaim before other destinations have their turn
     * @param addresses tried in one attempt at one message
     * @param receivedFields of a message: more of them are a loop (RFC 5321 §6.3)
     * @param dispatch new messages told to their destinations at once
     * @param looks at destinations for one claim
     */
    public record Portions(
            int recipients,
            int messagesPerConnection,
            int messagesPerClaim,
            int addresses,
            int receivedFields,
            int dispatch,
            int looks) {
        public static final Portions DEFAULT = new Portions(100, 100, 500, 10, 100, 500, 32);

        public Portions {
            checkPositive(
                    recipients, messagesPerConnection, messagesPerClaim, addresses, receivedFields, dispatch, looks);
        }
    }

    /**
     * How long.
     *
     * @param lease of a claim; renewed four times in it
     * @param retry before the next attempt at a recipient
     * @param quiet for which a destination is left alone when nobody there answers
     * @param settle for which the outcome of an attempt is kept while the database is away
     * @param poll the longest time between two looks at the queue
     */
    public record Pace(Duration lease, Backoff retry, Backoff quiet, Duration settle, Duration poll) {
        public static final Pace DEFAULT = new Pace(
                Duration.ofSeconds(20),
                new Backoff(Duration.ofMinutes(5), Duration.ofHours(2)),
                new Backoff(Duration.ofMinutes(1), Duration.ofMinutes(30)),
                Duration.ofMinutes(2),
                Duration.ofSeconds(5));

        public Pace {
            if (!lease.isPositive() || !settle.isPositive() || !poll.isPositive()) {
                throw new IllegalArgumentException("relay times must be positive");
            }
        }
    }

    private static void checkPositive(int... bounds) {
        for (int bound : bounds) {
            if (bound < 1) {
                throw new IllegalArgumentException("relay bounds must be positive");
            }
        }
    }

    public RelayLimits with(Concurrency other) {
        return new RelayLimits(other, portions, pace, client, dns);
    }

    public RelayLimits with(Portions other) {
        return new RelayLimits(concurrency, other, pace, client, dns);
    }

    public RelayLimits with(Pace other) {
        return new RelayLimits(concurrency, portions, other, client, dns);
    }

    public RelayLimits with(ClientLimits other) {
        return new RelayLimits(concurrency, portions, pace, other, dns);
    }

    public RelayLimits with(DnsSettings other) {
        return new RelayLimits(concurrency, portions, pace, client, other);
    }
}
