package org.postern.testbed;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.postern.accounts.TokenRequest;
import org.postern.model.Address;
import org.postern.net.Listener;
import org.postern.net.ListenerSettings;
import org.postern.net.Listeners;
import org.postern.net.NetLimits;
import org.postern.net.Refusals;
import org.postern.net.SessionFactory;
import org.postern.net.TlsContexts;
import org.postern.net.TlsMode;
import org.postern.net.TlsSettings;
import org.postern.testkit.Certificates;
import org.postern.testkit.ScratchDatabase;

/**
 * One protocol's listeners on a {@link TestNode} for one test class; each test makes a {@link Person} of its own.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final ProtocolServer POP3 = new ProtocolServer("pop3", node -> new Pop3Sessions(…), refusals);
 * }</pre>
 */
@SuppressWarnings("NullAway.Init") // Opened with the class.
public final class ProtocolServer implements BeforeAllCallback, AfterAllCallback {
    private final String protocol;
    private final Function<TestNode, SessionFactory> sessions;
    private final Refusals refusals;
    private final ScratchDatabase scratch = new ScratchDatabase();
    private final AtomicInteger people = new AtomicInteger();
    private TestNode node;
    private TlsContexts tls;
    private Listeners listeners;
    private Listener implicit;
    private Listener startTls;

    /** @param protocol its name in metrics */
    public ProtocolServer(String protocol, Function<TestNode, SessionFactory> sessions, Refusals refusals) {
        this.protocol = protocol;
        this.sessions = sessions;
        this.refusals = refusals;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        scratch.beforeAll(context);
        node = new TestNode(scratch.database());
        var certificate = Certificates.selfSigned("localhost");
        var files = new TlsSettings.CertificateFiles(certificate.certificateFile(), certificate.keyFile());
        tls = TlsContexts.open(
                new TlsSettings(TlsSettings.Provider.OPENSSL, List.of(files), TlsSettings.RECHECK),
                node.clock(),
                node.random());
        listeners = new Listeners(NetLimits.DEFAULT, tls, node.meters(), node.random());
        var factory = sessions.apply(node);
        implicit = listeners.bind(listener(TlsMode.IMPLICIT), factory, refusals);
        startTls = listeners.bind(listener(TlsMode.STARTTLS), factory, refusals);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        listeners.close();
        tls.close();
        node.close();
        scratch.afterAll(context);
    }

    private ListenerSettings listener(TlsMode mode) {
        var anyPort = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        return new ListenerSettings(protocol + '-' + mode, protocol, anyPort, mode, List.of());
    }

    public TestNode node() {
        return node;
    }

    public Listeners listeners() {
        return listeners;
    }

    public int port() {
        return implicit.port();
    }

    /** The port that begins in clear and wants STARTTLS or STLS. */
    public int clearPort() {
        return startTls.port();
    }

    /** A new mailbox with its standard folders and a token. */
    public Person person() {
        var address =
                Address.parse("p" + people.incrementAndGet() + "@example.org").orElseThrow();
        var mailbox = TestNode.done(node.mailboxes().add(address, "")).id();
        var token = TestNode.done(node.tokens().create(address, TokenRequest.named("Phone")));
        return new Person(this, mailbox, address, token.secret());
    }
}
