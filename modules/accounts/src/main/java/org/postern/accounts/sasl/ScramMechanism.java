package org.postern.accounts.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import org.postern.accounts.ClusterSecrets;
import org.postern.accounts.LoginOutcome;
import org.postern.accounts.Logins;
import org.postern.accounts.Proof;
import org.postern.accounts.ProvenLogin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, RFC 7677): each side proves that it knows the secret and neither says
 * it; with PLUS also that nobody sits in between, by {@value #BINDING_TYPE} (RFC 5929 §4), the only binding that
 * OpenSSL's sessions give away.
 */
final class ScramMechanism implements Mechanism {
    private static final Logger LOG = LoggerFactory.getLogger(ScramMechanism.class);
    private static final String BINDING_TYPE = "tls-server-end-point";
    private static final byte[] NO_BINDING = {};

    private final String name;
    private final boolean plus;
    private final Logins logins;
    private final ClusterSecrets secrets;
    private final Nonces nonces;

    private ScramMechanism(String name, boolean plus, Logins logins, ClusterSecrets secrets, Nonces nonces) {
        this.name = name;
        this.plus = plus;
        this.logins = logins;
        this.secrets = secrets;
        this.nonces = nonces;
    }

    /** Without channel binding. */
    static ScramMechanism bare(Logins logins, ClusterSecrets secrets, Nonces nonces) {
        return new ScramMechanism("SCRAM-SHA-256", false, logins, secrets, nonces);
    }

    /** With channel binding. */
    static ScramMechanism plus(Logins logins, ClusterSecrets secrets, Nonces nonces) {
        return new ScramMechanism("SCRAM-SHA-256-PLUS", true, logins, secrets, nonces);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isOfferedTo(SaslClient client) {
        return !plus || client.serverEndPoint().isPresent();
    }

    @Override
    public boolean takesInitialResponse() {
        return true;
    }

    @Override
    public SaslStep begin(SaslClient client) {
        return SaslStep.ask(
                "",
                response -> Utf8.decode(response)
                        .flatMap(ClientFirst::parse)
                        .map(first -> challenge(first, client))
                        .orElseGet(SaslStep.Malformed::new));
    }

    private SaslStep challenge(ClientFirst first, SaslClient client) {
        if (!bindsAsOffered(first.binding(), client)) {
            return bindingRefused(first, client);
        }
        if (!PlainCredentials.actsForItself(first.authorize(), first.user())) {
            return new SaslStep.Malformed();
        }
        var salt = secrets.scramSalt(first.user().strip());
        var serverFirst = "r=" + first.nonce() + nonces.next() + ",s="
                + Base64.getEncoder().encodeToString(salt) + ",i=" + Proof.Scram.ITERATIONS;
        return SaslStep.ask(
                serverFirst,
                response -> Utf8.decode(response)
                        .flatMap(ClientFinal::parse)
                        .map(last -> prove(first, serverFirst, last, client))
                        .orElseGet(SaslStep.Malformed::new));
    }

    /**
     * RFC 5802 §6: PLUS binds, by our type; without it, {@code y} says that the client could bind and was not offered it. Where we
     * did offer it, somebody in between has taken that away.
     */
    private boolean bindsAsOffered(String binding, SaslClient client) {
        return plus
                ? binding.equals("p=" + BINDING_TYPE)
                : binding.equals("n")
                        || (binding.equals("y") && client.serverEndPoint().isEmpty());
    }

    private SaslStep prove(ClientFirst first, String serverFirst, ClientFinal last, SaslClient client) {
        if (!serverFirst.startsWith("r=" + last.nonce() + ',')) {
            return new SaslStep.Malformed();
        }
        if (!MessageDigest.isEqual(last.binding(), expectedBinding(first, client))) {
            return bindingRefused(first, client);
        }
        var authMessage = first.bare() + ',' + serverFirst + ',' + last.signed();
        var proof = new Proof.Scram(authMessage.getBytes(UTF_8), last.proof());
        return switch (logins.prove(client.attempt(first.user(), proof))) {
            case ProvenLogin proven -> counterProof(proven);
            case LoginOutcome.Refused refused -> new SaslStep.Decided(refused);
        };
    }

    /** The client is let in when it has seen the server's own proof and says nothing against it (RFC 5802 §5). */
    private SaslStep counterProof(ProvenLogin proven) {
        var signature = proven.counterProof().orElseThrow();
        return SaslStep.ask(
                "v=" + Base64.getEncoder().encodeToString(signature),
                nothing -> nothing.length == 0 ? new SaslStep.Decided(logins.admit(proven)) : new SaslStep.Malformed());
    }

    private byte[] expectedBinding(ClientFirst first, SaslClient client) {
        var header = first.gs2Header().getBytes(UTF_8);
        var channel = plus ? client.serverEndPoint().orElseThrow() : NO_BINDING;
        var all = Arrays.copyOf(header, header.length + channel.length);
        System.arraycopy(channel, 0, all, header.length, channel.length);
        return all;
    }

    /** Worth a look: a client of an unusual kind, or somebody between it and us. */
    private static SaslStep bindingRefused(ClientFirst first, SaslClient client) {
        LOG.atWarn()
                .addKeyValue("case", "channel-binding-refused")
                .addKeyValue("session", client.sessionId())
                .addKeyValue("client", client.address())
                .addKeyValue("binding", first.binding())
                .log("SCRAM refused: the channel is not bound as it was offered");
        return new SaslStep.Malformed();
    }
}
