package org.postern.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@DisplayName("CarrierThreads of sessions")
@Isolated("changes how many carriers the whole JVM has")
final class CarrierThreadsTest {
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicBoolean computing = new AtomicBoolean(true);
    private final CarrierThreads carriers = CarrierThreads.watched(meters, Duration.ofMillis(100));
    private final int few = count();

    private int count() {
        return (int) meters.get("postern.carrier.threads").gauge().value();
    }

    /** A virtual thread on each carrier that never lets go of it. */
    private List<Thread> computingOnAll() {
        var begun = new CountDownLatch(few);
        var all = IntStream.range(0, few)
                .mapToObj(i -> Thread.startVirtualThread(() -> {
                    begun.countDown();
                    while (computing.get()) {
                        Thread.onSpinWait();
                    }
                }))
                .toList();
        await().until(() -> begun.getCount() == 0);
        return all;
    }

    @AfterEach
    void stop() {
        computing.set(false);
        carriers.close();
    }

    @Test
    @DisplayName(
            "where sessions compute on all of them, others run all the same; when they have done, there are as few as before")
    void relief() throws Exception {
        var computingThreads = computingOnAll();
        var other = new CountDownLatch(1);
        Thread.startVirtualThread(other::countDown);
        await().untilAsserted(() -> assertThat(other.getCount()).isZero());
        assertThat(computingThreads).allMatch(Thread::isAlive);
        await().untilAsserted(() -> assertThat(count()).isGreaterThan(few));

        computing.set(false);
        await().untilAsserted(() -> assertThat(count()).isEqualTo(few));
    }

    @Test
    @DisplayName("closed, it leaves as many as there were")
    void close() {
        computingOnAll();
        await().untilAsserted(() -> assertThat(count()).isGreaterThan(few));
        carriers.close();
        await().untilAsserted(() -> assertThat(count()).isEqualTo(few));
    }
}
