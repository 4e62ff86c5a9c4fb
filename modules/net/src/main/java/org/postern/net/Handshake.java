package org.postern.net;

import io.netty.handler.ssl.SslHandler;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The one TLS handshake of a connection: begun by the first byte or by STARTTLS, bounded, counted once. Event loop only. */
final class Handshake {
    private final ClientChannel channel;
    private final Listener listener;
    private final Consumer<String> log;
    private final LoopTimer deadline = new LoopTimer();
    private @Nullable CompletableFuture<TlsDetails> awaited;
    private @Nullable ServedCertificate shown;
    private @Nullable String serverName;
    private boolean running;

    /** @param log told why a handshake failed */
    Handshake(ClientChannel channel, Listener listener, Consumer<String> log) {
        this.channel = channel;
        this.listener = listener;
        this.log = log;
    }

    /**
     * From now on every byte is TLS's.
     *
     * @param before the name of the handler that gets what TLS decrypts
     * @param tooSlow called at the deadline, when all is counted and told
     */
    void begin(String before, Runnable tooSlow) {
        running = true;
        channel.pipeline()
                .addBefore(
                        before,
                        null,
                        new ServerNameHandler(this, listener.node().tls(), listener.settings()));
        deadline.set(channel.eventLoop(), listener.node().limits().handshake(), () -> {
            failed("timeout", "the handshake took too long");
            tooSlow.run();
        });
    }

    /** Who waits for the result, if anybody. */
    void awaitedBy(CompletableFuture<TlsDetails> session) {
        awaited = session;
    }

    boolean isRunning() {
        return running;
    }

    /** A client hello has come, and this certificate answers it. */
    void shows(ServedCertificate certificate, @Nullable String askedFor) {
        shown = certificate;
        serverName = askedFor;
    }

    /** @return what was agreed on, unless somebody waits for it and has been told */
    Optional<TlsDetails> succeeded() {
        running = false;
        deadline.cancel();
        var certificate = shown;
        var handler = channel.pipeline().get(SslHandler.class);
        if (certificate == null || handler == null) {
            throw new IllegalStateException("a handshake without its handler");
        }
        var session = handler.engine().getSession();
        var tls = new TlsDetails(
                session.getProtocol(), session.getCipherSuite(), Optional.ofNullable(serverName), certificate.leaf());
        listener.meters().handshake(tls.version(), "completed");
        if (awaited == null) {
            return Optional.of(tls);
        }
        awaited.complete(tls);
        return Optional.empty();
    }

    /** Only the first report counts: a close of ours makes the TLS handler report once more. */
    void failed(String outcome, String reason) {
        if (!running) {
            return;
        }
        running = false;
        deadline.cancel();
        listener.meters().handshake("none", outcome);
        log.accept(reason);
        if (awaited != null) {
            awaited.completeExceptionally(new TlsFailed(reason));
        }
    }
}
