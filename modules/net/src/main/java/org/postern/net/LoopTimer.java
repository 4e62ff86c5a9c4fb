package org.postern.net;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** At most one thing that happens later. Event loop only. */
final class LoopTimer {
    private @Nullable Future<?> pending;

    /** Replaces whatever was set. */
    void set(EventLoop loop, Duration wait, Runnable then) {
        cancel();
        pending = loop.schedule(
                () -> {
                    pending = null;
                    then.run();
                },
                Math.max(0, wait.toNanos()),
                TimeUnit.NANOSECONDS);
    }

    void cancel() {
        if (pending != null) {
            pending.cancel(false); // Leaves the loop's queue at once, so an idle connection holds no timer.
            pending = null;
        }
    }
}
