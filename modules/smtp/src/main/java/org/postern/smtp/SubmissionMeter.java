package org.postern.smtp;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import org.postern.model.Refusal;

/** What submission sessions count: {@code postern.commands} and {@code postern.refusals}. */
final class SubmissionMeter {
    private final MeterRegistry registry;

    SubmissionMeter(MeterRegistry registry) {
        this.registry = registry;
    }

    /** @param verb of our own command table, so that clients cannot make tags */
    void answered(String verb, String code, long nanos) {
        Timer.builder("postern.commands")
                .description("Commands and how long they took, without the time to send the reply")
                .tag("protocol", "smtp")
                .tag("command", verb)
                .tag("code", code)
                .publishPercentileHistogram()
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    void refused(Refusal refusal) {
        Counter.builder("postern.refusals")
                .description("Refusals by case")
                .tag("protocol", "smtp")
                .tag("case", refusal.caseName())
                .register(registry)
                .increment();
    }
}
