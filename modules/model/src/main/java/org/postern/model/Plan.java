package org.postern.model;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A named set of limits and rights, as {@code config/plans.yml} has it.
 *
 * @param protocols what is allowed over each protocol; one that is missing is not in the plan
 * @param pop3 what else holds for POP3
 * @param abuse what locks sending
 * @param storage the most that a mailbox may hold
 * @param maxMessageBytes the largest message that may be appended or submitted; 1 or more
 */
public record Plan(
        PlanName name,
        Map<Protocol, ProtocolRights> protocols,
        Pop3Rules pop3,
        Sending sending,
        AbuseThresholds abuse,
        StorageLimit storage,
        long maxMessageBytes) {

    public Plan {
        protocols = Map.copyOf(protocols);
        if (maxMessageBytes < 1) {
            throw new IllegalArgumentException("a message may have 1 byte or more: " + maxMessageBytes);
        }
    }

    /** Without rules for POP3, taking nothing for abuse. */
    public Plan(
            PlanName name,
            Map<Protocol, ProtocolRights> protocols,
            Sending sending,
            StorageLimit storage,
            long maxMessageBytes) {
        this(name, protocols, Pop3Rules.NONE, sending, AbuseThresholds.NONE, storage, maxMessageBytes);
    }

    /** What may be done over a protocol; empty when it is not in the plan. */
    public Optional<ProtocolRights> rights(Protocol protocol) {
        return Optional.ofNullable(protocols.get(protocol));
    }

    /**
     * The right to send.
     *
     * @param allowed whether the plan includes sending at all
     * @param quotas at most {@link #MAX_QUOTAS}, all of which must have room
     * @param recipientsPerMessage 1 to {@link #MAX_RECIPIENTS}
     * @param newRecipients how many recipients a mailbox may write to for the first time in a day; empty: any number
     */
    public record Sending(
            boolean allowed,
            List<SendQuota> quotas,
            int recipientsPerMessage,
            Optional<NewRecipientLimit> newRecipients) {
        /** More quotas than this would only slow every message. */
        public static final int MAX_QUOTAS = 16;

        public static final int MAX_RECIPIENTS = 10_000;

        public Sending {
            quotas = List.copyOf(quotas);
            if (quotas.size() > MAX_QUOTAS) {
                throw new IllegalArgumentException("a plan has at most " + MAX_QUOTAS + " send quotas");
            }
            var windows = new HashSet<String>();
            for (var quota : quotas) {
                if (!windows.add(quota.subject() + " " + quota.window() + ' ' + quota.counting())) {
                    throw new IllegalArgumentException("there are two send quotas for one " + quota.windowName()
                            + " window of the " + quota.subject().lowerCase());
                }
            }
            if (recipientsPerMessage < 1 || recipientsPerMessage > MAX_RECIPIENTS) {
                throw new IllegalArgumentException(
                        "a message has 1 to " + MAX_RECIPIENTS + " recipients: " + recipientsPerMessage);
            }
        }

        /** Sending within quotas, to anybody. */
        public static Sending within(int recipientsPerMessage, SendQuota... quotas) {
            return new Sending(true, List.of(quotas), recipientsPerMessage, Optional.empty());
        }

        /** No sending. */
        public static Sending none() {
            return new Sending(false, List.of(), 1, Optional.empty());
        }
    }
}
