package org.postern.smtp;

import java.util.Optional;
import org.apache.james.protocols.api.OidcSASLConfiguration;
import org.apache.james.protocols.smtp.SMTPConfiguration;
import org.postern.model.Domain;

/** What James' own session asks for; the decisions themselves are our handlers'. */
public record SmtpConfiguration(Domain host) implements SMTPConfiguration {
    @Override
    public String getHelloName() {
        return host.name();
    }

    @Override
    public String getGreeting() {
        return "ESMTP Postern";
    }

    @Override
    public String getSoftwareName() {
        return "Postern";
    }

    /** The plan decides, message by message. */
    @Override
    public long getMaxMessageSize() {
        return 0;
    }

    /** Only a login allows anything. */
    @Override
    public boolean isRelayingAllowed(String clientAddress) {
        return false;
    }

    @Override
    public boolean isAuthAnnounced(String clientAddress, boolean tlsStarted) {
        return tlsStarted;
    }

    @Override
    public boolean useHeloEhloEnforcement() {
        return true;
    }

    @Override
    public boolean useAddressBracketsEnforcement() {
        return true;
    }

    @Override
    public boolean isPlainAuthEnabled() {
        return true;
    }

    @Override
    public Optional<OidcSASLConfiguration> saslConfiguration() {
        return Optional.empty();
    }
}
