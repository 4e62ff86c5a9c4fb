package org.postern.accounts.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.model.Address;
import org.postern.model.ClientAddress;
import org.postern.model.MailboxId;
import org.postern.model.Protocol;
import org.postern.testkit.ScratchDatabase;
import org.postern.testkit.SettableClock;

@DisplayName("Events: what is written, cut and found again")
class EventsTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final Address ANN = Address.parse("Ann@example.org").orElseThrow();

    @RegisterExtension
    static final ScratchDatabase SCRATCH = new ScratchDatabase();

    private final SettableClock clock = SettableClock.at(NOON);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @BeforeEach
    void start() {
        SCRATCH.clear();
    }

    private static Event failure(String typed, String client) {
        return Event.of("auth-failed", NOON)
                .address(typed)
                .session(Protocol.IMAP, new ClientAddress(InetAddress.ofLiteral(client)), "s1")
                .with("reason", "unknown-secret");
    }

    private void write(Event event, int times) {
        try (var events = new Events(SCRATCH.database(), meters, clock, name -> false)) {
            for (int i = 0; i < times; i++) {
                events.write(event);
            }
        }
    }

    private static EventLog.Query about(Address address) {
        return new EventLog.Query(Optional.of(address), Set.of(), NOON.minusSeconds(1), EventLog.MAX_LISTED);
    }

    @Test
    @DisplayName("an event is found by the address as typed, with all that it carries")
    void found() {
        write(failure("ann@example.org", "192.0.2.1"), 1);
        write(failure("bob@example.org", "192.0.2.1"), 1);
        var found = new EventLog(SCRATCH.database()).list(about(ANN));
        assertThat(found).extracting(RecordedEvent::event).containsExactly(failure("ann@example.org", "192.0.2.1"));
        assertThat(new EventLog(SCRATCH.database())
                        .list(new EventLog.Query(Optional.empty(), Set.of("cap-reached"), NOON, 10)))
                .isEmpty();
    }

    @Test
    @DisplayName("up to the bound each event is a row; those beyond it are one that says how many")
    void cut() {
        write(failure("ann@example.org", "192.0.2.1"), EventBudget.PER_SUBJECT);
        assertThat(new EventLog(SCRATCH.database()).list(about(ANN))).hasSize(EventBudget.PER_SUBJECT);

        write(failure("bob@example.org", "192.0.2.1"), EventBudget.PER_SUBJECT + 7);
        var bob = new EventLog(SCRATCH.database())
                .list(about(Address.parse("bob@example.org").orElseThrow()));
        assertThat(bob).hasSize(EventBudget.PER_SUBJECT + 1);
        assertThat(bob.getLast().event().detail())
                .isEqualTo(Map.of("reason", "unknown-secret", EventBudget.REPEATED, "7"));
        assertThat(meters.counter("postern.events.cut", "case", "auth-failed").count())
                .isEqualTo(7);
    }

    @Test
    @DisplayName("a network that types many addresses is bounded, and hides nobody else's failures")
    void network() {
        var budget = new EventBudget();
        for (int i = 0; i < EventBudget.PER_NETWORK; i++) {
            assertThat(budget.admits(failure(i + "@example.org", "192.0.2.1"))).isTrue();
        }
        assertThat(budget.admits(failure("one-more@example.org", "192.0.2.1"))).isFalse();
        assertThat(budget.admits(failure("one-more@example.org", "192.0.2.2"))).isTrue();
        assertThat(budget.cut(NOON))
                .singleElement()
                .satisfies(event -> assertThat(event.client().orElseThrow()).hasToString("192.0.2.1"))
                .satisfies(event -> assertThat(event.detail()).containsEntry(EventBudget.REPEATED, "1"));
    }

    @Test
    @DisplayName("a botnet is bounded as a whole, in rows and in memory, and a new window begins anew")
    void botnet() {
        var budget = new EventBudget();
        for (int i = 0; i < EventBudget.PER_CASE; i++) {
            assertThat(budget.admits(failure("ann@example.org", "10.1." + i / 256 + '.' + i % 256)))
                    .isTrue();
        }
        assertThat(budget.admits(failure("ann@example.org", "10.2.0.1"))).isFalse();
        assertThat(budget.admits(Event.of("cap-reached", NOON).of(new MailboxId(1))))
                .isTrue();

        assertThat(budget.roll(NOON)).hasSize(1);
        assertThat(budget.admits(failure("ann@example.org", "10.2.0.1"))).isTrue();
        assertThat(budget.roll(NOON.plus(EventBudget.WINDOW).minusSeconds(1))).isEmpty();
    }
}
