package org.postern.net;

import java.time.Duration;

/**
 * Every bound of connections, whatever their protocol.
 *
 * @param connections open at once on this node, all listeners together; more are refused
 * @param unauthenticatedPerNetwork connections of one client network (IPv4 address or IPv6 /64) that have not logged in
 * @param spokenRefusalsPerSecond refused clients that are told why, on TLS ports after a handshake; more than that are
 *     closed without a byte, so that a flood costs no handshakes
 * @param proxyHeader from accept to the end of the PROXY protocol header
 * @param handshake from accept, PROXY header or the reply to STARTTLS to the end of the TLS handshake
 * @param detectWindow how long a DETECT listener waits for a client hello before it greets in clear
 * @param firstCommand from accept to {@link Connection#authenticated()}, whatever the client does meanwhile
 * @param slowInput a pause inside a command, or the whole of one line
 * @param slowReader a pause in which the client takes nothing of what we send
 * @param endGrace from {@link Connection#end} to the hard close of a session that has not ended by itself: longer than a
 *     checkout from the pool takes to fail, so that a session hears that the database is away and can say so; shorter than
 *     the margin between a node's fencing itself and others' counting its connections no more
 * @param linger from our last byte to the hard close, so that a client that still sends can read it
 * @param line default of a command line, bytes with its line end; a session may allow less or more
 * @param inboxBytes received bytes of one connection that its session has not taken; then reading pauses
 * @param outboxBytes sent bytes of one connection that the client has not taken; then its session pauses
 * @param backlog connections that the kernel has accepted and we have not
 * @param keepAliveIdle silence after which the kernel probes the client
 * @param keepAliveInterval between two probes
 * @param keepAliveProbes unanswered probes after which the connection is broken
 */
public record NetLimits(
        int connections,
        int unauthenticatedPerNetwork,
        int spokenRefusalsPerSecond,
        Duration proxyHeader,
        Duration handshake,
        Duration detectWindow,
        Duration firstCommand,
        Duration slowInput,
        Duration slowReader,
        Duration endGrace,
        Duration linger,
        int line,
        int inboxBytes,
        int outboxBytes,
        int backlog,
        Duration keepAliveIdle,
        Duration keepAliveInterval,
        int keepAliveProbes) {

    /** What a node starts with when config says nothing. */
    public static final NetLimits DEFAULT = new NetLimits(
            20_000,
            30,
            50,
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofMillis(250),
            Duration.ofMinutes(3),
            Duration.ofMinutes(1),
            Duration.ofMinutes(2),
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            8 << 10,
            64 << 10,
            128 << 10,
            1024,
            Duration.ofMinutes(2),
            Duration.ofSeconds(30),
            4);

    /** @throws IllegalArgumentException when a bound is not positive */
    public NetLimits {
        positive("connections", connections);
        positive("unauthenticatedPerNetwork", unauthenticatedPerNetwork);
        positive("proxyHeader", proxyHeader);
        positive("handshake", handshake);
        positive("detectWindow", detectWindow);
        positive("firstCommand", firstCommand);
        positive("slowInput", slowInput);
        positive("slowReader", slowReader);
        positive("endGrace", endGrace);
        positive("linger", linger);
        positive("line", line);
        positive("inboxBytes", inboxBytes);
        positive("outboxBytes", outboxBytes);
        positive("backlog", backlog);
        positive("keepAliveIdle", keepAliveIdle);
        positive("keepAliveInterval", keepAliveInterval);
        positive("keepAliveProbes", keepAliveProbes);
        if (spokenRefusalsPerSecond < 0) {
            throw new IllegalArgumentException("spokenRefusalsPerSecond must not be negative");
        }
    }

    private static void positive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive: " + value);
        }
    }

    private static void positive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(name + " must be positive: " + value);
        }
    }
}
