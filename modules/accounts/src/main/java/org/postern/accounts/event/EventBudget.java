package org.postern.accounts.event;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postern.model.ClientAddress;

/**
 * Cuts floods: how many events of a kind are written in one window, on this node. What is cut is counted, and told by one
 * event at the window's end, so that no stranger can fill the table and nothing happens unseen.
 *
 * <p>A subject is a mailbox, or an address as typed, together with the client's network: a flood from elsewhere does not
 * hide an owner's own failures, and one network that types many addresses is bounded as a network.
 */
final class EventBudget {
    static final Duration WINDOW = Duration.ofMinutes(10);

    /** Of one case about one subject. */
    static final int PER_SUBJECT = 20;

    /** Of one case from one client network. */
    static final int PER_NETWORK = 200;

    /** Of one case in all. */
    static final int PER_CASE = 5_000;

    /** The detail that says how many events one stands for. */
    static final String REPEATED = "repeated";

    private final Map<Subject, Count> subjects = new HashMap<>();
    private final Map<Network, Count> networks = new HashMap<>();
    private final Map<String, Count> cases = new HashMap<>();
    private Instant end = Instant.MIN;

    private record Subject(String caseName, String who, Optional<ClientAddress> network) {
        static Subject of(Event event) {
            var who = event.mailbox().map(id -> "#" + id).or(event::address).orElse("");
            return new Subject(event.caseName(), who, event.client().map(ClientAddress::network));
        }
    }

    private record Network(String caseName, Optional<ClientAddress> network) {
        static Network of(Event event) {
            return new Network(event.caseName(), event.client().map(ClientAddress::network));
        }

        Event event(Instant at) {
            var event = Event.of(caseName, at);
            return network.map(event::client).orElse(event);
        }
    }

    private static final class Count {
        private final Event like;
        private int written;
        private long cut;

        Count(Event like) {
            this.like = like;
        }
    }

    /** Whether the event may be written. Only one that may gets new entries, so their number is bounded too. */
    synchronized boolean admits(Event event) {
        var full = full(subjects.get(Subject.of(event)), PER_SUBJECT)
                .or(() -> full(networks.get(Network.of(event)), PER_NETWORK))
                .or(() -> full(cases.get(event.caseName()), PER_CASE));
        full.ifPresent(count -> count.cut++);
        if (full.isPresent()) {
            return false;
        }
        subjects.computeIfAbsent(Subject.of(event), key -> new Count(event)).written++;
        networks.computeIfAbsent(Network.of(event), key -> new Count(key.event(event.at()))).written++;
        cases.computeIfAbsent(event.caseName(), key -> new Count(Event.of(key, event.at()))).written++;
        return true;
    }

    private static Optional<Count> full(@Nullable Count count, int max) {
        return Optional.ofNullable(count).filter(some -> some.written >= max);
    }

    /** When a window has ended: what it cut, an event for each subject, network and case; else nothing. */
    synchronized List<Event> roll(Instant now) {
        if (now.isBefore(end)) {
            return List.of();
        }
        end = now.plus(WINDOW);
        return cut(now);
    }

    /** What has been cut since the window began; a new one begins. */
    synchronized List<Event> cut(Instant now) {
        var told = new ArrayList<Event>();
        for (var counts : List.of(subjects.values(), networks.values(), cases.values())) {
            for (var count : counts) {
                if (count.cut > 0) {
                    told.add(count.like.at(now).with(REPEATED, count.cut));
                }
            }
        }
        subjects.clear();
        networks.clear();
        cases.clear();
        return told;
    }
}
