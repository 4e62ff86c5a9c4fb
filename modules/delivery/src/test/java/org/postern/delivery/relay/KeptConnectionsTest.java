package org.postern.delivery.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.delivery.relay.client.ClientLimits;
import org.postern.delivery.relay.client.ClientTls;
import org.postern.delivery.relay.client.Connector;
import org.postern.delivery.relay.client.Security;
import org.postern.delivery.relay.client.SmtpConnection;
import org.postern.delivery.relay.client.Target;
import org.postern.delivery.relay.client.Terms;
import org.postern.delivery.relay.client.Trust;
import org.postern.delivery.relay.client.Watch;
import org.postern.model.Domain;
import org.postern.testkit.SmtpSink;

@DisplayName("Connections to the smarthost between two uses")
class KeptConnectionsTest {
    @AutoClose
    private final SmtpSink sink = SmtpSink.start();

    @AutoClose
    private final Watch watch = new Watch();

    private final AtomicLong now = new AtomicLong();
    private final KeptConnections kept = new KeptConnections(2, now::get);

    private SmtpConnection open() {
        var connector = new Connector(
                new Domain("mail.example.org"),
                ClientTls.trusting(Optional.empty(), new SecureRandom()),
                ClientLimits.DEFAULT,
                watch);
        var target = new Target("localhost", InetAddress.ofLiteral("127.0.0.1"), sink.port());
        return switch (connector.connect(target, new Terms(Security.PLAIN, new Trust.Anybody()))) {
            case Connector.Outcome.Connected(var connection) -> connection;
            case Connector.Outcome.Refused(var reply) -> throw new AssertionError(reply);
        };
    }

    private void awaitQuits(int connections) {
        await().until(() -> sink.commands().stream().filter("QUIT"::equals).count() == connections);
    }

    @Test
    @DisplayName("as many as are allowed, the last one first; one more is closed")
    void boundOfConnections() {
        var first = open();
        var second = open();
        kept.keep(first);
        kept.keep(second);
        kept.keep(open());
        awaitQuits(1);
        assertThat(kept.take()).containsSame(second);
        assertThat(kept.take()).containsSame(first);
        assertThat(kept.take()).isEmpty();
    }

    @Test
    @DisplayName("LONGEST: what nobody has needed until then is closed")
    void boundOfTime() {
        kept.keep(open());
        now.addAndGet(1);
        var second = open();
        kept.keep(second);
        now.set(KeptConnections.LONGEST.toNanos() + 1);
        kept.sweep();
        awaitQuits(1);
        assertThat(kept.take()).containsSame(second);
    }

    @Test
    @DisplayName("at the end all are closed, and so is what comes back later")
    void end() {
        kept.keep(open());
        var late = open();
        kept.close();
        assertThat(sink.commands()).contains("QUIT");
        kept.keep(late);
        awaitQuits(2);
        assertThat(kept.take()).isEmpty();
    }
}
