package org.postern.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ThriftTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 50); // The clock runs over: it may.
    private final Thrift thrift = new Thrift(now::get);
    private int runs;

    private int after(long nanos) {
        now.addAndGet(nanos);
        thrift.run(() -> {
            runs++;
            now.addAndGet(10);
        });
        return runs;
    }

    @Test
    @DisplayName("SHARE: what took 10 is done again 1,000 after it began, and not before")
    void boundOfShare() {
        assertThat(after(0)).isEqualTo(1);
        assertThat(after(10L * (Thrift.SHARE - 1) - 1)).isEqualTo(1);
        assertThat(after(1)).isEqualTo(2);
        assertThat(after(0)).isEqualTo(2);
    }

    @Test
    @DisplayName("what failed is tried again at once")
    void failure() {
        assertThatThrownBy(() -> thrift.run(() -> {
                    throw new IllegalStateException("no database");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(after(0)).isEqualTo(1);
    }
}
