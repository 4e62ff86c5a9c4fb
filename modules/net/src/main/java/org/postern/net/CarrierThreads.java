package org.postern.net;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many threads of the system carry the virtual ones. One for each processor is best while sessions wait more than they compute:
 * more of them only push each other aside. But a session that computes keeps its carrier, and two such sessions on two carriers
 * would make all others wait. So it is tried again and again whether a virtual thread gets to run, and where it does not there are
 * more carriers until it has gone well for a while: then the system shares the processors out among them.
 */
public final class CarrierThreads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CarrierThreads.class);

    /** Between two tries. */
    private static final Duration INTERVAL = Duration.ofMillis(50);
    /** Within this time a virtual thread has to run. */
    private static final Duration PATIENCE = Duration.ofMillis(20);
    /** So long there are more, from the last time that one came late. */
    private static final Duration RELIEF = Duration.ofSeconds(10);
    /** So many times as many. */
    private static final int FACTOR = 4;

    private static final int LEAST_MANY = 8;

    private final VirtualThreadSchedulerMXBean scheduler =
            ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
    private final int few = scheduler.getParallelism();
    private final int many = Math.max(few * FACTOR, LEAST_MANY);
    private final Duration relief;
    /** Of the system: a virtual one would be late itself. */
    private final Thread thread =
            Thread.ofPlatform().daemon().name("carrier-threads").unstarted(this::run);

    /** Begins with as many as there are now, and leaves as many when it closes. */
    public static CarrierThreads watched(MeterRegistry registry) {
        return watched(registry, RELIEF);
    }

    static CarrierThreads watched(MeterRegistry registry, Duration relief) {
        var carriers = new CarrierThreads(relief);
        Gauge.builder("postern.carrier.threads", carriers.scheduler, VirtualThreadSchedulerMXBean::getParallelism)
                .description("Threads of the system that carry sessions: more while some of them compute")
                .register(registry);
        carriers.thread.start();
        return carriers;
    }

    private CarrierThreads(Duration relief) {
        this.relief = relief;
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            long relievedUntil = 0;
            while (true) {
                if (isLate()) {
                    if (scheduler.getParallelism() == few) {
                        LOG.debug("sessions compute: {} carriers", many);
                        scheduler.setParallelism(many);
                    }
                    relievedUntil = System.nanoTime() + relief.toNanos();
                } else if (scheduler.getParallelism() == many && System.nanoTime() - relievedUntil > 0) {
                    scheduler.setParallelism(few);
                }
                Thread.sleep(INTERVAL);
            }
        } catch (InterruptedException e) {
            scheduler.setParallelism(few);
        }
    }

    private static boolean isLate() throws InterruptedException {
        var runs = new Semaphore(0);
        Thread.startVirtualThread(runs::release);
        return !runs.tryAcquire(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    }
}
