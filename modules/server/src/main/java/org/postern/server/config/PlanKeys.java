package org.postern.server.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.postern.model.AbuseThresholds;
import org.postern.model.AbuseThresholds.Threshold;
import org.postern.model.AtLimit;
import org.postern.model.ConnectionCap;
import org.postern.model.ConnectionCap.AtCap;
import org.postern.model.NewRecipientLimit;
import org.postern.model.OutsideAccess;
import org.postern.model.Plan;
import org.postern.model.PlanName;
import org.postern.model.Pop3Rules;
import org.postern.model.Protocol;
import org.postern.model.ProtocolRights;
import org.postern.model.SendQuota;
import org.postern.model.SendQuota.Counting;
import org.postern.model.SendQuota.Subject;
import org.postern.model.StorageLimit;

/** The keys of one plan in {@code plans.yml}; a protocol that it leaves out is not part of it. */
record PlanKeys(
        Optional<ProtocolKeys> imap,
        Optional<Pop3Keys> pop3,
        Optional<ProtocolKeys> smtp,
        StorageKeys storage,

        @Default("25MB") @Bounds(min = "64KB", max = "1GB") ByteSize maxMessage,

        SendingKeys sending,
        AbuseKeys abuse) {

    /** @throws IllegalArgumentException when the keys, each right by itself, do not go together */
    Plan toPlan(PlanName name) {
        var protocols = new EnumMap<Protocol, ProtocolRights>(Protocol.class);
        imap.flatMap(ProtocolKeys::toRights).ifPresent(rights -> protocols.put(Protocol.IMAP, rights));
        pop3.map(Pop3Keys::common)
                .flatMap(ProtocolKeys::toRights)
                .ifPresent(rights -> protocols.put(Protocol.POP3, rights));
        smtp.flatMap(ProtocolKeys::toRights).ifPresent(rights -> protocols.put(Protocol.SMTP, rights));
        return new Plan(
                name,
                protocols,
                pop3.map(Pop3Keys::toRules).orElse(Pop3Rules.NONE),
                sending.toSending(),
                abuse.toThresholds(),
                storage.toLimit(),
                maxMessage.bytes());
    }

    record ProtocolKeys(
            @Default("true") boolean allowed,
            Optional<Integer> perClientAddress,
            Optional<Integer> perMailbox,
            Optional<Integer> perToken,
            @Default("refuse") AtCap atCap,
            OutsideAccessKeys outsideAccess) {
        ProtocolKeys {
            if (allowed && perMailbox.isEmpty()) {
                throw new IllegalArgumentException("per-mailbox is missing");
            }
            perMailbox.ifPresent(
                    total -> new ConnectionCap(perClientAddress.orElse(total), total, perToken.orElse(total), atCap));
        }

        Optional<ProtocolRights> toRights() {
            return perMailbox
                    .filter(total -> allowed)
                    .map(total ->
                            new ConnectionCap(perClientAddress.orElse(total), total, perToken.orElse(total), atCap))
                    .map(cap -> new ProtocolRights(cap, outsideAccess.toAccess()));
        }
    }

    record Pop3Keys(
            @Default("true") boolean allowed,
            Optional<Integer> perClientAddress,
            Optional<Integer> perMailbox,
            Optional<Integer> perToken,
            @Default("refuse") AtCap atCap,
            OutsideAccessKeys outsideAccess,
            @Default("false") boolean singleSession,

            @OrWord("none") @Bounds(min = "1s", max = "1d") Optional<Duration> loginDelay) {
        Pop3Keys {
            common(allowed, perClientAddress, perMailbox, perToken, atCap, outsideAccess);
        }

        ProtocolKeys common() {
            return common(allowed, perClientAddress, perMailbox, perToken, atCap, outsideAccess);
        }

        private static ProtocolKeys common(
                boolean allowed,
                Optional<Integer> perClientAddress,
                Optional<Integer> perMailbox,
                Optional<Integer> perToken,
                AtCap atCap,
                OutsideAccessKeys outsideAccess) {
            return new ProtocolKeys(allowed, perClientAddress, perMailbox, perToken, atCap, outsideAccess);
        }

        Pop3Rules toRules() {
            return new Pop3Rules(singleSession, loginDelay);
        }
    }

    record OutsideAccessKeys(
            @Default("true") boolean onByDefault,

            @Default("0s") @Bounds(min = "0s", max = "7d") Duration activationDelay,

            @OrWord("never") @Bounds(min = "1d", max = "3650d")
            Optional<Duration> offWhenUnused,

            @OrWord("never") @Bounds(min = "1d", max = "3650d")
            Optional<Duration> offWhenMailboxInactive) {
        OutsideAccess toAccess() {
            return new OutsideAccess(onByDefault, activationDelay, offWhenUnused, offWhenMailboxInactive);
        }
    }

    record StorageKeys(
            @Bounds(min = "1MB", max = "100TB") ByteSize size,

            @OrWord("unlimited") @Bounds(min = "1", max = "100000000")
            Optional<Integer> messages) {
        StorageLimit toLimit() {
            return new StorageLimit(size.bytes(), messages.map(OptionalInt::of).orElse(OptionalInt.empty()));
        }
    }

    record SendingKeys(
            @Default("true") boolean allowed,

            @Default("100") @Bounds(min = "1", max = "10000")
            int recipientsPerMessage,

            NewRecipientsKeys newRecipients,
            QuotasKeys quotas) {
        SendingKeys {
            toSending(allowed, recipientsPerMessage, newRecipients, quotas);
        }

        Plan.Sending toSending() {
            return toSending(allowed, recipientsPerMessage, newRecipients, quotas);
        }

        private static Plan.Sending toSending(
                boolean allowed, int recipientsPerMessage, NewRecipientsKeys newRecipients, QuotasKeys quotas) {
            return new Plan.Sending(allowed, quotas.toQuotas(), recipientsPerMessage, newRecipients.toLimit());
        }
    }

    record NewRecipientsKeys(
            @OrWord("unlimited") @Bounds(min = "1", max = "1000000")
            Optional<Integer> perDay,

            @Default("defer") AtLimit atLimit) {
        Optional<NewRecipientLimit> toLimit() {
            return perDay.map(max -> new NewRecipientLimit(max, atLimit));
        }
    }

    /** By whose sending is counted together, then by window. */
    record QuotasKeys(
            @Default("{}") Map<Window, WindowKeys> account,
            @Default("{}") Map<Window, WindowKeys> mailbox) {
        List<SendQuota> toQuotas() {
            var quotas = new ArrayList<SendQuota>();
            account.forEach((window, keys) -> quotas.addAll(keys.toQuotas(Subject.ACCOUNT, window)));
            mailbox.forEach((window, keys) -> quotas.addAll(keys.toQuotas(Subject.MAILBOX, window)));
            return quotas;
        }
    }

    record WindowKeys(
            @OrWord("unlimited") @Bounds(min = "1", max = "100000000")
            Optional<Integer> messages,

            @OrWord("unlimited") @Bounds(min = "1", max = "100000000")
            Optional<Integer> recipients,

            @Default("defer") AtLimit atLimit) {
        List<SendQuota> toQuotas(Subject subject, Window window) {
            var quotas = new ArrayList<SendQuota>();
            messages.ifPresent(
                    max -> quotas.add(new SendQuota(subject, window.length(), Counting.MESSAGES, max, atLimit)));
            recipients.ifPresent(
                    max -> quotas.add(new SendQuota(subject, window.length(), Counting.RECIPIENTS, max, atLimit)));
            return quotas;
        }
    }

    record AbuseKeys(
            ThresholdKeys refusedRecipients,
            ThresholdKeys newRecipients,
            ThresholdKeys clientAddresses,
            ThresholdKeys bounces,
            @Default("[]") List<Protocol> switchOff) {
        AbuseThresholds toThresholds() {
            var off = switchOff.isEmpty() ? Set.<Protocol>of() : EnumSet.copyOf(switchOff);
            return new AbuseThresholds(
                    refusedRecipients.toThreshold(),
                    newRecipients.toThreshold(),
                    clientAddresses.toThreshold(),
                    bounces.toThreshold(),
                    off);
        }
    }

    record ThresholdKeys(
            @OrWord("unlimited") @Bounds(min = "1", max = "1000000")
            Optional<Integer> max,

            @Default("1h") @Bounds(min = "1m", max = "31d") Duration window) {
        Optional<Threshold> toThreshold() {
            return max.map(most -> new Threshold(most, window));
        }
    }
}
