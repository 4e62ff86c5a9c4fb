package org.postern.net;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.postern.model.ClientAddress;
import org.postern.model.Refusal;

/**
 * One client's connection, as its session sees it: the session's thread reads, writes and waits here; the event loop and
 * everybody else only set a flag and wake that thread.
 */
public final class Connection {
    private final String id;
    private final ClientAddress client;
    private final Wire wire;
    private final SessionThread thread;
    private final Traffic traffic;
    private final AtomicReference<@Nullable Refusal> ending = new AtomicReference<>();
    private final AtomicBoolean called = new AtomicBoolean();
    private volatile @Nullable TlsDetails tls;

    Connection(String id, ClientAddress client, Wire wire, @Nullable TlsDetails tls, SessionFactory sessions) {
        this.id = id;
        this.client = client;
        this.wire = wire;
        this.tls = tls;
        this.thread = new SessionThread(this, wire, sessions);
        this.traffic = new Traffic(wire, thread);
    }

    /** The session's id: ten characters, unique for all practical purposes, shown in the greeting and in every log line. */
    public String id() {
        return id;
    }

    /** Where the client really is: with the PROXY protocol, what the proxy says. */
    public ClientAddress client() {
        return client;
    }

    /** What the TLS handshake agreed on; empty in clear. */
    public Optional<TlsDetails> tls() {
        return Optional.ofNullable(tls);
    }

    public boolean isSecure() {
        return tls != null;
    }

    /** What a client may bind its login to (RFC 5929 §4); empty where the listener does not offer that. */
    public Optional<byte[]> channelBinding() {
        return listener().channelBinding() ? tls().flatMap(TlsDetails::serverEndPoint) : Optional.empty();
    }

    public ListenerSettings listener() {
        return wire.settings();
    }

    public NetLimits limits() {
        return wire.limits();
    }

    public Input in() {
        return traffic.in();
    }

    public Output out() {
        return traffic.out();
    }

    /**
     * Answers STARTTLS or STLS: sends what {@link #out()} holds and then {@code reply} in clear, and returns when the
     * handshake is done. Of what came in clear nothing survives. Session's thread only.
     *
     * @throws InjectedBytes when bytes came behind the command (RFC 3207 §6): nothing was answered; end the session
     * @throws TlsFailed when the handshake fails or takes too long
     */
    public void startTls(byte[] reply) throws IOException {
        if (isSecure()) {
            throw new IllegalStateException("TLS is on already");
        }
        if (in().hasBufferedBytes()) {
            throw new InjectedBytes();
        }
        out().flush();
        var handshake = new CompletableFuture<TlsDetails>();
        wire.beginTls(reply, handshake);
        try {
            tls = handshake.get(); // The wire has a deadline for it.
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case InjectedBytes injected -> throw injected;
                case PeerGone gone -> throw gone;
                case TlsFailed failed -> throw failed;
                case null, default -> throw new IOException(e);
            }
        } catch (InterruptedException e) {
            throw SessionThread.interrupted(e);
        }
    }

    /** Whether {@link #compress} was called. */
    public boolean isCompressed() {
        return traffic.isCompressed();
    }

    /**
     * From here on both directions are compressed (RFC 4978). What {@link #out()} holds goes out as it is. Session's thread
     * only.
     *
     * @throws InjectedBytes when bytes came behind the command: nobody can tell whether they are compressed
     */
    public void compress() throws IOException {
        if (traffic.isCompressed()) {
            throw new IllegalStateException("compression is on already");
        }
        if (in().hasBufferedBytes()) {
            throw new InjectedBytes();
        }
        out().flush();
        traffic.compress();
    }

    /** The client has proved who it is: the deadline and the bound for strangers no longer apply. Any thread. */
    public void authenticated() {
        wire.authenticated();
    }

    /** Makes {@link #await} return {@link Wake#CALLED}; many calls before it does count as one. Any thread, never blocks. */
    public void wake() {
        called.set(true);
        thread.signal();
    }

    /**
     * Ends the session at its next {@link #await}, and hard after {@link NetLimits#endGrace}. The first reason stands. Any
     * thread, never blocks.
     */
    public void end(Refusal reason) {
        end(reason, limits().endGrace());
    }

    void end(Refusal reason, Duration grace) {
        ending.compareAndSet(null, reason);
        thread.signal();
        wire.abortAfter(grace);
    }

    /**
     * Waits between two commands, or inside IDLE, for whatever comes first. The only place where {@link #end} is noticed: a
     * command that has begun may finish. Flushes {@link #out()} unless the next bytes are there already: replies to
     * pipelined commands travel together (RFC 2920 §3.2). Session's thread only.
     *
     * @param timeout counts from this call; zero only looks
     * @throws ConnectionEnded after {@link #end}
     * @throws PeerGone when the client has closed and every byte of it is read
     */
    public Wake await(Duration timeout) throws IOException {
        in().release();
        long deadline = SessionThread.deadline(timeout);
        while (true) {
            if (!in().hasBufferedBytes()) {
                out().flush();
            }
            var reason = ending.get();
            if (reason != null) {
                throw new ConnectionEnded(reason);
            }
            if (called.compareAndSet(true, false)) {
                return Wake.CALLED;
            }
            boolean ended = traffic.isInputEnded(); // Asked first: bytes before the end still count.
            if (in().hasBufferedBytes()) {
                return Wake.BYTES;
            }
            if (ended || traffic.isOutputBroken()) {
                throw new PeerGone();
            }
            traffic.rest();
            if (!thread.park(deadline)) {
                return Wake.TIMED_OUT;
            }
        }
    }

    /**
     * Makes the client wait for what is said next, such as the refusal of a guessed secret; what it sends meanwhile stays
     * unread. Costs this session's virtual thread and nothing else, and ends as soon as nobody waits any more. Session's thread
     * only.
     *
     * @throws ConnectionEnded after {@link #end}
     * @throws PeerGone when the client has closed its side: who does that amid a login does not wait for the answer
     */
    public void pause(Duration length) throws IOException {
        long deadline = SessionThread.deadline(length);
        out().flush(); // What was said before is not late.
        do {
            var reason = ending.get();
            if (reason != null) {
                throw new ConnectionEnded(reason);
            }
            if (traffic.isInputEnded()) {
                throw new PeerGone();
            }
        } while (thread.park(deadline));
    }

    /** How long the client has sent nothing: what an idle limit counts. */
    public Duration silence() {
        return traffic.silence();
    }

    /** Sends what has been flushed and closes. Any thread, never blocks; idempotent. */
    public void close() {
        wire.finish();
    }

    // For the wire and the session's thread.

    SessionThread thread() {
        return thread;
    }

    Traffic traffic() {
        return traffic;
    }
}
