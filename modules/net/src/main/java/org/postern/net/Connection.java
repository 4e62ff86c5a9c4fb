package org.postern.net;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postern.model.ClientAddress;
import org.postern.model.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One client's connection, as its session sees it: the session's thread reads, writes and waits here; the event loop and
 * everybody else only set a flag and wake that thread.
 */
public final class Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final String id;
    private final ClientAddress client;
    private final Wire wire;
    private final Inbox inbox;
    private final Outbox outbox;
    private final Input in;
    private final Output out;
    private final Thread thread;
    private final AtomicReference<@Nullable Refusal> ending = new AtomicReference<>();
    private final AtomicBoolean called = new AtomicBoolean();
    private volatile @Nullable TlsDetails tls;
    /** Of the session's thread. */
    private @Nullable Compression compression;

    private volatile long lastBytes = System.nanoTime();

    Connection(String id, ClientAddress client, Wire wire, @Nullable TlsDetails tls, SessionFactory sessions) {
        this.id = id;
        this.client = client;
        this.wire = wire;
        this.tls = tls;
        this.inbox = new Inbox(wire.channel(), wire.limits().inboxBytes());
        this.outbox = new Outbox(wire.channel(), this::signal);
        this.in = new Input(this);
        this.out = new Output(this);
        this.thread = Thread.ofVirtual().name(wire.settings().name() + ' ' + id).unstarted(() -> run(sessions));
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
        return in;
    }

    public Output out() {
        return out;
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
        if (in.hasBufferedBytes()) {
            throw new InjectedBytes();
        }
        out.flush();
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
            throw interrupted(e);
        }
    }

    /** Whether {@link #compress} was called. */
    public boolean isCompressed() {
        return compression != null;
    }

    /**
     * From here on both directions are compressed (RFC 4978). What {@link #out()} holds goes out as it is. Session's thread
     * only.
     *
     * @throws InjectedBytes when bytes came behind the command: nobody can tell whether they are compressed
     */
    public void compress() throws IOException {
        if (compression != null) {
            throw new IllegalStateException("compression is on already");
        }
        if (in.hasBufferedBytes()) {
            throw new InjectedBytes();
        }
        out.flush();
        compression = new Compression();
    }

    /** The client has proved who it is: the deadline and the bound for strangers no longer apply. Any thread. */
    public void authenticated() {
        wire.authenticated();
    }

    /** Makes {@link #await} return {@link Wake#CALLED}; many calls before it does count as one. Any thread, never blocks. */
    public void wake() {
        called.set(true);
        signal();
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
        signal();
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
        in.release();
        long deadline = System.nanoTime() + nanos(timeout);
        while (true) {
            if (!in.hasBufferedBytes()) {
                out.flush();
            }
            var reason = ending.get();
            if (reason != null) {
                throw new ConnectionEnded(reason);
            }
            if (called.compareAndSet(true, false)) {
                return Wake.CALLED;
            }
            boolean ended = inbox.isEnded(); // Asked first: bytes before the end still count.
            if (in.hasBufferedBytes()) {
                return Wake.BYTES;
            }
            if (ended || outbox.isBroken()) {
                throw new PeerGone();
            }
            if (compression != null) {
                compression.rest();
            }
            if (!park(deadline)) {
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
        long deadline = System.nanoTime() + nanos(length);
        out.flush(); // What was said before is not late.
        do {
            var reason = ending.get();
            if (reason != null) {
                throw new ConnectionEnded(reason);
            }
            if (inbox.isEnded()) {
                throw new PeerGone();
            }
        } while (park(deadline));
    }

    /** How long the client has sent nothing: what an idle limit counts. */
    public Duration silence() {
        return Duration.ofNanos(System.nanoTime() - lastBytes);
    }

    /** Sends what has been flushed and closes. Any thread, never blocks; idempotent. */
    public void close() {
        wire.finish();
    }

    // What Input and Output wait with. Session's thread.

    Inbox inbox() {
        return inbox;
    }

    long slowInputDeadline() {
        return System.nanoTime() + nanos(limits().slowInput());
    }

    /** The next chunk, at least one byte. */
    byte[] take(long deadline) throws IOException {
        while (true) {
            boolean ended = inbox.isEnded(); // Asked first, as in await.
            var chunk = compression == null ? inbox.poll() : compression.next(inbox);
            if (chunk != null) {
                return chunk;
            }
            if (ended) {
                throw new PeerGone();
            }
            // A reply that the client must see before it goes on, such as a continuation request, is never held back.
            out.flush();
            if (!park(deadline)) {
                throw new SlowInput(limits().slowInput());
            }
        }
    }

    /** Whether {@link #take} would not wait. */
    boolean hasInput() throws IOException {
        return compression == null ? !inbox.isEmpty() : compression.hasInput(inbox);
    }

    /** Sends bytes, which stay lent until written, when the client has taken enough of the earlier ones. */
    void put(byte[] bytes, int offset, int length) throws IOException {
        if (compression == null) {
            send(bytes, offset, length);
        } else {
            compression.deflate(bytes, offset, length, this::send);
        }
    }

    private void send(byte[] bytes, int offset, int length) throws IOException {
        awaitPending(Math.max(0, limits().outboxBytes() - length));
        outbox.put(bytes, offset, length);
        wire.countSent(length);
    }

    /** Waits until at most {@code most} sent bytes are untaken; any chunk taken restarts the clock of the slow reader. */
    void awaitPending(long most) throws IOException {
        long seen = Long.MAX_VALUE;
        long deadline = 0;
        while (true) {
            long pending = outbox.pending();
            if (outbox.isBroken()) {
                throw new PeerGone();
            }
            if (pending <= most) {
                return;
            }
            if (pending < seen) {
                seen = pending;
                deadline = System.nanoTime() + nanos(limits().slowReader());
            }
            if (!park(deadline)) {
                wire.abort();
                throw new SlowReader(limits().slowReader());
            }
        }
    }

    /** Sleeps until signalled, or spuriously; false when the deadline has passed. */
    private boolean park(long deadline) throws IOException {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        LockSupport.parkNanos(this, left);
        if (Thread.interrupted()) {
            throw interrupted(null);
        }
        return true;
    }

    private InterruptedIOException interrupted(@Nullable InterruptedException cause) {
        var gone = new InterruptedIOException("the node stops");
        if (cause != null) {
            gone.initCause(cause);
        }
        return gone;
    }

    /** Bounded so that adding it to nanoTime cannot overflow. */
    private static long nanos(Duration duration) {
        return duration.compareTo(FOREVER) < 0 ? Math.max(0, duration.toNanos()) : FOREVER.toNanos();
    }

    private static final Duration FOREVER = Duration.ofDays(365);

    // What the event loop and the listener tell us.

    void start() {
        thread.start();
    }

    Thread thread() {
        return thread;
    }

    void received(byte[] chunk) {
        lastBytes = System.nanoTime();
        inbox.put(chunk);
        signal();
    }

    /** The client has closed its side, or the connection is gone. */
    void inputEnded() {
        inbox.end();
        signal();
    }

    Outbox outbox() {
        return outbox;
    }

    /** Whether the socket is being read: not while the inbox is full. */
    boolean isReading() {
        return wire.channel().config().isAutoRead();
    }

    private void signal() {
        LockSupport.unpark(thread);
    }

    // The session's whole life. Its own thread.

    private void run(SessionFactory sessions) {
        try {
            sessions.run(this);
            out.flush();
        } catch (ConnectionEnded e) {
            say(e.reason());
        } catch (PeerGone e) {
            log(LOG.atDebug(), "peer-gone").log("The client is gone");
        } catch (SlowInput e) {
            log(LOG.atInfo(), "slow-input").log(e.getMessage());
            say(new Refusal.IdleTooLong(e.limit()));
        } catch (SlowReader e) {
            log(LOG.atInfo(), "slow-reader").log(e.getMessage());
        } catch (InjectedBytes e) {
            log(LOG.atWarn(), "starttls-injection").log(e.getMessage());
        } catch (TlsFailed e) {
            log(LOG.atInfo(), "tls-failed").log(e.getMessage());
        } catch (BadCompression e) {
            log(LOG.atInfo(), "bad-compression").log(e.getMessage());
        } catch (LineTooLong e) {
            log(LOG.atInfo(), "line-too-long").log(e.getMessage());
        } catch (InterruptedIOException e) {
            log(LOG.atWarn(), "interrupted").log("The session did not end in time");
        } catch (Throwable e) {
            // Whatever it is, it ends one session and no more.
            log(LOG.atError(), "session-failed").setCause(e).log("The session failed");
            say(new Refusal.Unavailable());
        } finally {
            if (compression != null) {
                compression.close();
            }
            wire.sessionOver();
        }
    }

    /** A last word in the protocol's form, behind whatever was being said. */
    private void say(Refusal refusal) {
        try {
            out.write(wire.encode(refusal));
            out.flush();
        } catch (IOException | RuntimeException e) {
            log(LOG.atDebug(), refusal.caseName()).setCause(e).log("The client could not be told");
        }
    }

    private LoggingEventBuilder log(LoggingEventBuilder event, String what) {
        return event.addKeyValue("session", id)
                .addKeyValue("listener", wire.settings().name())
                .addKeyValue("client", client)
                .addKeyValue("case", what);
    }
}
