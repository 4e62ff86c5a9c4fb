package org.postern.net;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.postern.model.ClientAddress;
import org.postern.model.Refusal;

/** One client's connection, as its session sees it. */
public final class Connection {
    Connection() {}

    /** The session's id: ten characters, unique for all practical purposes, shown in the greeting and in every log line. */
    public String id() {
        throw new UnsupportedOperationException();
    }

    /** Where the client really is: with the PROXY protocol, what the proxy says. */
    public ClientAddress client() {
        throw new UnsupportedOperationException();
    }

    /** What the TLS handshake agreed on; empty in clear. */
    public Optional<TlsDetails> tls() {
        throw new UnsupportedOperationException();
    }

    public boolean isSecure() {
        return tls().isPresent();
    }

    public ListenerSettings listener() {
        throw new UnsupportedOperationException();
    }

    public NetLimits limits() {
        throw new UnsupportedOperationException();
    }

    public Input in() {
        throw new UnsupportedOperationException();
    }

    public Output out() {
        throw new UnsupportedOperationException();
    }

    /**
     * Answers STARTTLS or STLS: sends what {@link #out()} holds and then {@code reply} in clear, and returns when the
     * handshake is done. Of what came in clear nothing survives. Session's thread only.
     *
     * @throws InjectedBytes when bytes came behind the command (RFC 3207 §6): nothing was answered; end the session
     * @throws TlsFailed when the handshake fails or takes too long
     */
    public void startTls(byte[] reply) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** The client has proved who it is: the deadline and the bound for strangers no longer apply. Any thread. */
    public void authenticated() {
        throw new UnsupportedOperationException();
    }

    /** Makes {@link #await} return {@link Wake#CALLED}; many calls before it does count as one. Any thread, never blocks. */
    public void wake() {
        throw new UnsupportedOperationException();
    }

    /**
     * Ends the session at its next {@link #await}, and hard after {@link NetLimits#endGrace}. The first reason stands. Any
     * thread, never blocks.
     */
    public void end(Refusal reason) {
        throw new UnsupportedOperationException();
    }

    /**
     * Waits between two commands, or inside IDLE, for whatever comes first; flushes {@link #out()} before. The only place
     * where {@link #end} is noticed: a command that has begun may finish. Session's thread only.
     *
     * @param timeout counts from this call; zero only looks
     * @throws ConnectionEnded after {@link #end}
     * @throws PeerGone when the client has closed and every byte of it is read
     */
    public Wake await(Duration timeout) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** How long the client has sent nothing: what an idle limit counts. */
    public Duration silence() {
        throw new UnsupportedOperationException();
    }

    /** Sends what is buffered and closes. Any thread; idempotent. */
    public void close() {
        throw new UnsupportedOperationException();
    }
}
