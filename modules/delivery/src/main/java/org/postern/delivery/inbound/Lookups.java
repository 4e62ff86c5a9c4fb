package org.postern.delivery.inbound;

import java.net.InetAddress;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.postern.delivery.dns.Answer;
import org.postern.delivery.dns.Dns;

/**
 * What the checks of one message ask the DNS. Each question has its own bound there; here all of them together have one, behind which
 * nothing is known any more: a temperror (RFC 7208 §4.6.4).
 */
final class Lookups {
    private final Dns dns;
    private final Deadline deadline;

    Lookups(Dns dns, Deadline deadline) {
        this.dns = dns;
        this.deadline = deadline;
    }

    Answer<String> txt(String name) {
        return ask(() -> dns.txt(name));
    }

    Answer<InetAddress> addresses(String host, boolean six) {
        return ask(() -> dns.addresses(host, six));
    }

    Answer<Dns.Mx> mx(String domain) {
        return ask(() -> dns.mx(domain));
    }

    Answer<String> names(InetAddress address) {
        return ask(() -> dns.names(address));
    }

    /** In a thread of its own, which ends with the question. */
    private <T> Answer<T> ask(Supplier<Answer<T>> question) {
        var left = deadline.left();
        if (!left.isPositive()) {
            return late();
        }
        var asked = new FutureTask<>(question::get);
        Thread.ofVirtual().name("lookup").start(asked);
        try {
            return asked.get(left.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return late();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer.Unknown<>("interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a question failed in an unforeseen way", e.getCause());
        } finally {
            asked.cancel(true);
        }
    }

    private static <T> Answer<T> late() {
        return new Answer.Unknown<>("the time for looking at the message is over");
    }
}
