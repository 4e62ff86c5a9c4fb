package org.postern.delivery.relay.client;

import java.time.Duration;

/**
 * Every bound of a connection to another host. The times are of whole steps, however slowly the other host drips; those of RFC 5321
 * §4.5.3.2 are the least that a client should wait.
 *
 * @param connect for the TCP connection to one address
 * @param greeting for the other host's first words
 * @param handshake for TLS
 * @param command for the reply to a command, and for all those of one pipelined flight
 * @param dataBlock in which the other host takes {@value SmtpConnection#BLOCK_BYTES} bytes of the message
 * @param dataEnd for the reply to the message
 * @param quit for the reply to QUIT, which nobody needs
 * @param replyLine bytes of one line of a reply; RFC 5321 §4.5.3.1.5 wants 512
 * @param replyLines of one reply
 * @param keptText characters of a reply that are kept
 */
public record ClientLimits(
        Duration connect,
        Duration greeting,
        Duration handshake,
        Duration command,
        Duration dataBlock,
        Duration dataEnd,
        Duration quit,
        int replyLine,
        int replyLines,
        int keptText) {
    public static final ClientLimits DEFAULT = new ClientLimits(
            Duration.ofSeconds(30),
            Duration.ofMinutes(5),
            Duration.ofSeconds(30),
            Duration.ofMinutes(5),
            Duration.ofMinutes(3),
            Duration.ofMinutes(10),
            Duration.ofSeconds(5),
            2048,
            100,
            400);

    /** All times cut to {@code longest}: for tests, and for hosts nearby. */
    public ClientLimits within(Duration longest) {
        return new ClientLimits(
                least(connect, longest),
                least(greeting, longest),
                least(handshake, longest),
                least(command, longest),
                least(dataBlock, longest),
                least(dataEnd, longest),
                least(quit, longest),
                replyLine,
                replyLines,
                keptText);
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
