package org.postern.model;

import java.util.List;
import java.util.Map;

/**
 * A named set of limits and rights, as {@code config/plans.yml} has it.
 *
 * @param connections the protocols that the plan allows, with the cap of each
 * @param storageBytes the most that a mailbox may hold
 * @param maxMessageBytes the largest message that may be appended or submitted
 */
public record Plan(
        PlanName name,
        Map<Protocol, ConnectionCap> connections,
        Sending sending,
        long storageBytes,
        long maxMessageBytes) {

    /** What a send quota counts. */
    public enum Counting {
        MESSAGES,
        RECIPIENTS
    }

    /**
     * The right to send.
     *
     * @param allowed whether the plan includes sending at all
     * @param recipientsPerMessage 1 to 10,000
     */
    public record Sending(boolean allowed, Counting counting, List<SendQuota> quotas, int recipientsPerMessage) {
        public Sending {
            quotas = List.copyOf(quotas);
        }

        /** What one message with so many recipients weighs. */
        public int weight(int recipients) {
            return switch (counting) {
                case MESSAGES -> 1;
                case RECIPIENTS -> recipients;
            };
        }
    }

    public Plan {
        connections = Map.copyOf(connections);
    }
}
