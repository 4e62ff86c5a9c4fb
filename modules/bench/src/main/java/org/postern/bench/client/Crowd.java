package org.postern.bench.client;

import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/** Clients that do the same at once. */
public final class Crowd {
    private Crowd() {}

    /** @return how many seconds passed between the common start and the end of the last */
    public static double seconds(int clients, IntConsumer client) {
        try (var threads = Executors.newFixedThreadPool(clients)) {
            var start = new CountDownLatch(1);
            var ends = new ArrayList<Future<?>>();
            for (int i = 0; i < clients; i++) {
                int number = i;
                ends.add(threads.submit(() -> {
                    start.await();
                    client.accept(number);
                    return true;
                }));
            }
            long began = System.nanoTime();
            start.countDown();
            for (var end : ends) {
                end.get();
            }
            return (System.nanoTime() - began) / 1e9;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
