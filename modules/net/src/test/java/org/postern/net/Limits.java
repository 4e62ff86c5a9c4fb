package org.postern.net;

import java.time.Duration;
import java.util.function.Consumer;

/** The default bounds with a few changed, so that a test can meet them. */
final class Limits {
    private static final NetLimits USUAL = NetLimits.DEFAULT;

    int connections = USUAL.connections();
    int unauthenticatedPerNetwork = 1_000;
    int spokenRefusalsPerSecond = USUAL.spokenRefusalsPerSecond();
    Duration proxyHeader = USUAL.proxyHeader();
    Duration handshake = USUAL.handshake();
    Duration detectWindow = USUAL.detectWindow();
    Duration firstCommand = USUAL.firstCommand();
    Duration slowInput = USUAL.slowInput();
    Duration slowReader = USUAL.slowReader();
    Duration endGrace = USUAL.endGrace();
    Duration linger = USUAL.linger();
    int inboxBytes = USUAL.inboxBytes();
    int outboxBytes = USUAL.outboxBytes();

    private Limits() {}

    static NetLimits with(Consumer<Limits> change) {
        var limits = new Limits();
        change.accept(limits);
        return new NetLimits(
                limits.connections,
                limits.unauthenticatedPerNetwork,
                limits.spokenRefusalsPerSecond,
                limits.proxyHeader,
                limits.handshake,
                limits.detectWindow,
                limits.firstCommand,
                limits.slowInput,
                limits.slowReader,
                limits.endGrace,
                limits.linger,
                USUAL.line(),
                limits.inboxBytes,
                limits.outboxBytes,
                USUAL.backlog(),
                USUAL.keepAliveIdle(),
                USUAL.keepAliveInterval(),
                USUAL.keepAliveProbes());
    }

    static NetLimits usual() {
        return with(limits -> {});
    }
}
