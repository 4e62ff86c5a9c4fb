package org.postern.accounts;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.postern.accounts.SendQuotas.Sending;
import org.postern.model.NewRecipientLimit;
import org.postern.model.SendQuota.Subject;

/** What several messages take of their senders' quotas, as {@code take_send_slots_together} takes it. */
final class SlotsTogether {
    private final int messages;
    /** Accounts before mailboxes, each by its id: the order in which their rows are locked. */
    private final TreeMap<Sender, Amount> senders = new TreeMap<>();
    /** Who writes to whom, and the first message in which. */
    private final Map<Pair, Integer> pairs = new LinkedHashMap<>();

    private final Set<Quota> quotas = new LinkedHashSet<>();

    private record Sender(Subject kind, long id) implements Comparable<Sender> {
        private static final Comparator<Sender> ORDER =
                Comparator.comparing(Sender::kind).thenComparingLong(Sender::id);

        @Override
        public int compareTo(Sender other) {
            return ORDER.compare(this, other);
        }
    }

    private record Amount(int messages, int recipients) {
        Amount and(Amount other) {
            return new Amount(messages + other.messages, recipients + other.recipients);
        }
    }

    private record Pair(long mailbox, String address) {}

    private record Quota(Sender sender, String counting, long seconds, int max) {}

    private SlotsTogether(int messages) {
        this.messages = messages;
    }

    static SlotsTogether of(List<Sending> messages) {
        var together = new SlotsTogether(messages.size());
        for (int i = 0; i < messages.size(); i++) {
            together.add(i, messages.get(i));
        }
        return together;
    }

    private void add(int message, Sending sending) {
        var account = new Sender(Subject.ACCOUNT, sending.account().value());
        var mailbox = new Sender(Subject.MAILBOX, sending.mailbox().value());
        var amount = new Amount(1, sending.recipients().size());
        senders.merge(account, amount, Amount::and);
        senders.merge(mailbox, amount, Amount::and);
        for (var recipient : sending.recipients()) {
            pairs.putIfAbsent(new Pair(mailbox.id, SendQuotas.folded(recipient)), message);
        }
        for (var quota : sending.plan().quotas()) {
            var subject = quota.subject() == Subject.ACCOUNT ? account : mailbox;
            quotas.add(new Quota(
                    subject, quota.counting().lowerCase(), quota.window().toSeconds(), quota.max()));
        }
        sending.plan()
                .newRecipients()
                .ifPresent(limit -> quotas.add(new Quota(
                        mailbox, SendQuotas.NEW_RECIPIENTS, NewRecipientLimit.WINDOW.toSeconds(), limit.perDay())));
    }

    Object[] parameters(Optional<Instant> now) {
        var numbers = new HashMap<Sender, Integer>();
        senders.keySet().forEach(sender -> numbers.put(sender, numbers.size() + 1));
        return new Object[] {
            senders.keySet().stream().map(sender -> sender.kind.lowerCase()).toArray(String[]::new),
            senders.keySet().stream().mapToLong(Sender::id).toArray(),
            amounts(Amount::messages),
            amounts(Amount::recipients),
            pairs.keySet().stream().mapToLong(Pair::mailbox).toArray(),
            pairs.keySet().stream().map(Pair::address).toArray(String[]::new),
            quotas.stream().mapToInt(quota -> numbers.get(quota.sender)).toArray(),
            quotas.stream().map(Quota::counting).toArray(String[]::new),
            quotas.stream().mapToLong(Quota::seconds).toArray(),
            quotas.stream().mapToInt(Quota::max).toArray(),
            now
        };
    }

    private int[] amounts(ToIntFunction<Amount> of) {
        return senders.values().stream().mapToInt(of).toArray();
    }

    /** @param unknown numbers, from 1, of pairs that are new */
    List<List<String>> newRecipients(long[] unknown) {
        var all = List.copyOf(pairs.entrySet());
        List<List<String>> of = new ArrayList<>();
        IntStream.range(0, messages).forEach(message -> of.add(new ArrayList<>()));
        for (long number : unknown) {
            var pair = all.get((int) number - 1);
            of.get(pair.getValue()).add(pair.getKey().address);
        }
        of.forEach(addresses -> addresses.sort(Comparator.naturalOrder()));
        return of;
    }
}
