package org.postern.server.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.postern.accounts.PlanImpact.Limit;
import org.postern.model.ConnectionCap;
import org.postern.model.Plan;
import org.postern.model.PlanName;
import org.postern.model.Protocol;
import org.postern.model.ProtocolRights;
import org.postern.model.SendQuota;
import org.postern.model.SendQuota.Subject;
import org.postern.model.StorageLimit.Resource;
import org.postern.server.Administration;
import org.postern.server.config.ConfigFiles;
import org.postern.server.config.ReadPlans;

/** What other plans would do to whom: key by key, how many it concerns and how many are over the new limit right now. */
final class PlanDiff {
    private static final String ABSENT = "-";

    private final Administration admin;
    private final ReadPlans now;
    private final ReadPlans then;

    /**
     * One key of a plan that changes.
     *
     * @param who what {@code concerned} and {@code over} count
     * @param over empty where nobody can be over it
     */
    record Change(
            PlanName plan, String key, String was, String becomes, Subject who, long concerned, OptionalLong over) {
        Map<String, Object> fields() {
            return Answer.fields(
                    "plan",
                    plan,
                    "key",
                    key,
                    "was",
                    was,
                    "becomes",
                    becomes,
                    "concerns",
                    concerned,
                    "over",
                    over.isPresent() ? Optional.of(over.getAsLong()) : Optional.empty(),
                    "counting",
                    who == Subject.ACCOUNT ? "accounts" : "mailboxes");
        }
    }

    PlanDiff(Administration admin, ReadPlans now, ReadPlans then) {
        this.admin = admin;
        this.now = now;
        this.then = then;
    }

    /** By plan, then by key; a plan that goes is one change of all that are on it. */
    List<Change> changes() {
        var changes = new ArrayList<Change>();
        var plans = new TreeSet<>(now.written().keySet());
        plans.addAll(then.written().keySet());
        for (var plan : plans) {
            var old = Optional.ofNullable(now.written().get(plan));
            var newer = then.plans().find(plan);
            if (old.isPresent() && newer.isPresent()) {
                changes.addAll(changes(newer.get(), old.get(), then.written().getOrDefault(plan, Map.of())));
            } else {
                var there = newer.isPresent() ? "new" : "gone";
                changes.add(change(plan, "(the plan)", newer.isPresent() ? ABSENT : "there", there, Optional.empty()));
            }
        }
        return changes;
    }

    private List<Change> changes(Plan newer, Map<String, String> was, Map<String, String> becomes) {
        var keys = new TreeSet<>(was.keySet());
        keys.addAll(becomes.keySet());
        return keys.stream()
                .filter(key -> !was.getOrDefault(key, ABSENT).equals(becomes.getOrDefault(key, ABSENT)))
                .map(key -> change(
                        newer.name(),
                        key,
                        was.getOrDefault(key, ABSENT),
                        becomes.getOrDefault(key, ABSENT),
                        limit(newer, key)))
                .toList();
    }

    private Change change(PlanName plan, String key, String was, String becomes, Optional<Limit> limit) {
        var who = key.startsWith("sending.quotas.account.") ? Subject.ACCOUNT : Subject.MAILBOX;
        var impact = admin.impact();
        var over =
                limit.map(each -> OptionalLong.of(impact.over(plan, key, each))).orElse(OptionalLong.empty());
        return new Change(plan, key, was, becomes, who, impact.concerned(plan, key, who), over);
    }

    /** What of the new plan somebody may be over, behind this key. */
    private static Optional<Limit> limit(Plan plan, String key) {
        var levels = key.split("\\.", -1);
        return switch (levels[0]) {
            case "imap", "pop3", "smtp" -> connections(plan, Protocol.of(levels[0]), levels[1]);
            case "storage" ->
                Optional.of(
                        levels[1].equals("size")
                                ? new Limit.Storage(
                                        Resource.BYTES, plan.storage().max(Resource.BYTES))
                                : new Limit.Storage(
                                        Resource.MESSAGES, plan.storage().max(Resource.MESSAGES)));
            case "sending" -> sending(plan, key, levels);
            default -> Optional.empty();
        };
    }

    private static Optional<Limit> connections(Plan plan, Protocol protocol, String key) {
        var cap = plan.rights(protocol).map(ProtocolRights::cap);
        return switch (key) {
            case "allowed" ->
                Optional.of(new Limit.Connections(
                        protocol,
                        ConnectionCap.Per.MAILBOX,
                        cap.map(ConnectionCap::perMailbox).orElse(0)));
            case "per-mailbox" -> connections(protocol, ConnectionCap.Per.MAILBOX, cap);
            case "per-client-address" -> connections(protocol, ConnectionCap.Per.CLIENT_ADDRESS, cap);
            case "per-token" -> connections(protocol, ConnectionCap.Per.TOKEN, cap);
            default -> Optional.empty();
        };
    }

    private static Optional<Limit> connections(Protocol protocol, ConnectionCap.Per per, Optional<ConnectionCap> cap) {
        return cap.map(each -> new Limit.Connections(protocol, per, each.max(per)));
    }

    private static Optional<Limit> sending(Plan plan, String key, String[] levels) {
        if (levels[1].equals("new-recipients")) {
            return plan.sending().newRecipients().map(limit -> new Limit.NewRecipients(limit.perDay()));
        }
        return plan.sending().quotas().stream()
                .filter(quota -> key.equals(keyOf(quota)))
                .<Limit>map(Limit.Sending::new)
                .findFirst();
    }

    private static String keyOf(SendQuota quota) {
        return ConfigFiles.planKey("sending.quotas." + quota.subject().lowerCase() + '.'
                + quota.window().toSeconds() + "s." + quota.counting().lowerCase());
    }
}
