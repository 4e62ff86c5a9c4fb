package org.postern.accounts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.postern.model.ConnectionCap;
import org.postern.model.Plan;
import org.postern.model.Protocol;
import org.postern.model.SendQuota;

/**
 * What an account or a mailbox has different from its plan, as {@code setting=value}, later ones over earlier ones.
 *
 * <p>Settings: {@code connections.imap.per-client-address}, {@code connections.imap.per-mailbox} (also {@code pop3},
 * {@code smtp}); {@code sending.allowed}; {@code sending.recipients-per-message}; {@code sending.quotas.mailbox.1h} (also
 * {@code account}; a number with {@code m}, {@code h} or {@code d}); {@code storage} and {@code max-message-size} in
 * bytes.
 */
record Overrides(List<String> settings) {
    static final Overrides NONE = new Overrides(List.of());

    private static final Pattern WINDOW = Pattern.compile("(\\d{1,5})([mhd])");

    Overrides {
        settings = List.copyOf(settings);
    }

    /** @throws IllegalArgumentException with the setting that does not fit */
    Plan appliedTo(Plan plan) {
        if (settings.isEmpty()) {
            return plan;
        }
        var caps = new EnumMap<Protocol, Cap>(Protocol.class);
        plan.connections().forEach((protocol, cap) -> caps.put(protocol, new Cap(cap)));
        var changed = plan;
        for (var setting : settings) {
            int equals = setting.indexOf('=');
            try {
                changed = apply(changed, caps, setting.substring(0, equals), setting.substring(equals + 1));
            } catch (RuntimeException e) {
                throw new IllegalArgumentException("override " + setting + " does not fit: " + e.getMessage(), e);
            }
        }
        var connections = new EnumMap<Protocol, ConnectionCap>(Protocol.class);
        caps.forEach((protocol, cap) -> connections.put(protocol, cap.whole()));
        var whole = new Plan(
                changed.name(), connections, changed.sending(), changed.storageBytes(), changed.maxMessageBytes());
        Plans.check(whole);
        return whole;
    }

    /** One cap while its two numbers change one after the other. */
    private static final class Cap {
        int perClientAddress;
        int perMailbox;

        Cap(ConnectionCap cap) {
            perClientAddress = cap.perClientAddress();
            perMailbox = cap.perMailbox();
        }

        /** Who lowers only the total means the other one too. */
        ConnectionCap whole() {
            return new ConnectionCap(Math.min(perClientAddress, perMailbox), perMailbox);
        }
    }

    private static Plan apply(Plan plan, Map<Protocol, Cap> caps, String setting, String value) {
        var path = setting.split("\\.", -1);
        return switch (path[0]) {
            case "connections" -> {
                applyCap(caps, path, value);
                yield plan;
            }
            case "sending" -> withSending(plan, applySending(plan.sending(), path, value));
            case "storage" ->
                new Plan(
                        plan.name(), plan.connections(), plan.sending(), Long.parseLong(value), plan.maxMessageBytes());
            case "max-message-size" ->
                new Plan(plan.name(), plan.connections(), plan.sending(), plan.storageBytes(), Long.parseLong(value));
            default -> throw new IllegalArgumentException("no such setting");
        };
    }

    private static void applyCap(Map<Protocol, Cap> caps, String[] path, String value) {
        var cap = path.length == 3 ? caps.get(Protocol.of(path[1])) : null;
        if (cap == null) {
            throw new IllegalArgumentException("the plan has no such cap");
        }
        switch (path[2]) {
            case "per-client-address" -> cap.perClientAddress = Integer.parseInt(value);
            case "per-mailbox" -> cap.perMailbox = Integer.parseInt(value);
            default -> throw new IllegalArgumentException("no such cap");
        }
    }

    private static Plan.Sending applySending(Plan.Sending sending, String[] path, String value) {
        return switch (path[1]) {
            case "allowed" ->
                new Plan.Sending(
                        strictBoolean(value), sending.counting(), sending.quotas(), sending.recipientsPerMessage());
            case "recipients-per-message" ->
                new Plan.Sending(sending.allowed(), sending.counting(), sending.quotas(), Integer.parseInt(value));
            case "quotas" -> {
                var subject = SendQuota.Subject.valueOf(path[2].toUpperCase(Locale.ROOT));
                var quota = new SendQuota(subject, window(path[3]), Integer.parseInt(value));
                var quotas = new ArrayList<>(sending.quotas());
                quotas.removeIf(old -> old.subject() == subject && old.window().equals(quota.window()));
                quotas.add(quota);
                yield new Plan.Sending(sending.allowed(), sending.counting(), quotas, sending.recipientsPerMessage());
            }
            default -> throw new IllegalArgumentException("no such setting");
        };
    }

    private static Plan withSending(Plan plan, Plan.Sending sending) {
        return new Plan(plan.name(), plan.connections(), sending, plan.storageBytes(), plan.maxMessageBytes());
    }

    private static Duration window(String text) {
        var parts = WINDOW.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not a window: " + text);
        }
        int n = Integer.parseInt(parts.group(1));
        return switch (parts.group(2).charAt(0)) {
            case 'm' -> Duration.ofMinutes(n);
            case 'h' -> Duration.ofHours(n);
            default -> Duration.ofDays(n); // The pattern leaves only 'd'.
        };
    }

    private static boolean strictBoolean(String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("neither true nor false");
        };
    }
}
