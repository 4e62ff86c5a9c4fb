package org.postern.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.model.ConnectionCap;
import org.postern.model.Plan;
import org.postern.model.PlanName;
import org.postern.model.Protocol;
import org.postern.model.SendQuota;

/** {@code plans.yml}: the plans by name. */
record PlansFile(Map<String, PlanKeys> plans) {
    PlansFile {
        if (plans.isEmpty()) {
            throw new IllegalArgumentException("there must be at least one plan");
        }
        plans.keySet().forEach(PlanName::new);
    }

    /** One plan; a protocol that it leaves out is not part of it. */
    record PlanKeys(
            Optional<CapKeys> imap,
            Optional<CapKeys> pop3,
            Optional<CapKeys> smtp,
            @Bounds(min = "1MB", max = "100TB") ByteSize storage,

            @Default("25MB") @Bounds(min = "64KB", max = "1GB")
            ByteSize maxMessage,

            SendingKeys sending) {

        Plan toPlan(String name) {
            var connections = new EnumMap<Protocol, ConnectionCap>(Protocol.class);
            imap.ifPresent(cap -> connections.put(Protocol.IMAP, cap.toCap()));
            pop3.ifPresent(cap -> connections.put(Protocol.POP3, cap.toCap()));
            smtp.ifPresent(cap -> connections.put(Protocol.SMTP, cap.toCap()));
            return new Plan(new PlanName(name), connections, sending.toSending(), storage.bytes(), maxMessage.bytes());
        }
    }

    record CapKeys(int perClientAddress, int perMailbox) {
        CapKeys {
            if (perClientAddress < 1 || perMailbox < perClientAddress || perMailbox > ConnectionCap.MAX) {
                throw new IllegalArgumentException("per-client-address is 1 to per-mailbox, per-mailbox at most "
                        + ConnectionCap.MAX + "; found " + perClientAddress + " and " + perMailbox);
            }
        }

        ConnectionCap toCap() {
            return new ConnectionCap(perClientAddress, perMailbox);
        }
    }

    record SendingKeys(
            @Default("true") boolean allowed,
            @Default("messages") Plan.Counting counting,

            @Default("100") @Bounds(min = "1", max = "10000")
            int recipientsPerMessage,

            @Default("[]") List<QuotaKeys> quotas) {
        Plan.Sending toSending() {
            var all = new ArrayList<SendQuota>();
            quotas.forEach(quota -> all.add(quota.toQuota()));
            return new Plan.Sending(allowed, counting, all, recipientsPerMessage);
        }
    }

    record QuotaKeys(
            SendQuota.Subject per,
            @Bounds(min = "1m", max = "31d") Duration window,
            @Bounds(min = "1", max = "100000000") int max) {
        SendQuota toQuota() {
            return new SendQuota(per, window, max);
        }
    }

    /** The plans of the file. */
    static Map<PlanName, Plan> read(Path file) throws ConfigRefused {
        var folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of(""));
        var bound = Binder.bind(PlansFile.class, file.toString(), folder, YamlFile.read(file));
        var plans = new LinkedHashMap<PlanName, Plan>();
        bound.plans.forEach((name, keys) -> plans.put(new PlanName(name), keys.toPlan(name)));
        return plans;
    }
}
