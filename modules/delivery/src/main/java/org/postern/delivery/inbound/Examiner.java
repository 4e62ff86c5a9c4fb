package org.postern.delivery.inbound;

import java.io.IOException;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Optional;
import org.postern.delivery.Letter;
import org.postern.delivery.dkim.DkimVerifier;
import org.postern.delivery.dns.Dns;
import org.postern.mime.Headers;
import org.postern.model.Address;
import org.postern.model.Domain;

/** Looks at a message from a stranger: SPF, DKIM, DMARC; the findings go in front of it. Any number of threads. */
public final class Examiner {
    private final Spf spf;
    private final DkimVerifier dkim;
    private final Dmarc dmarc;
    private final Domain host;
    private final FailedDmarc failed;

    /** @param host who answers for the findings */
    public Examiner(Dns dns, Domain host, FailedDmarc failed, InstantSource clock) {
        this.spf = new Spf(dns);
        this.dkim = new DkimVerifier(dns::txt, clock);
        this.dmarc = new Dmarc(dns);
        this.host = host;
        this.failed = failed;
    }

    /**
     * A message that has been looked at.
     *
     * @param letter with Authentication-Results in front
     * @param forged whose name it bears without a right to it, where that has it refused
     */
    public record Examined(Letter letter, Optional<Domain> forged) {}

    /**
     * Asks the DNS: takes as long as that does, within its bounds.
     *
     * @throws IOException when the message's bytes cannot be read
     */
    public Examined examine(InetAddress client, String helo, Optional<Address> returnPath, Letter letter)
            throws IOException {
        int headerSize = letter.parsed().headerSize();
        var sender = spf.check(client, returnPath, helo);
        var passed = sender == SpfResult.PASS
                ? returnPath.map(Address::domain).or(() -> Domain.parse(helo))
                : Optional.<Domain>empty();
        var signatures = dkim.verify(letter.bytes(), headerSize);
        var verdict = dmarc.check(Headers.of(header(letter, headerSize)).addresses("from"), passed, signatures);
        var field = AuthenticationResults.field(host, sender, returnPath, helo, signatures, verdict);
        return new Examined(letter.behind(field), refused(verdict));
    }

    private Optional<Domain> refused(DmarcVerdict verdict) {
        boolean asked =
                verdict.result() == DmarcVerdict.Result.FAIL && verdict.asked() == DmarcPolicy.Disposition.REJECT;
        return switch (failed) {
            case REFUSE -> asked ? verdict.from() : Optional.empty();
            case MARK -> Optional.empty();
        };
    }

    private static byte[] header(Letter letter, int size) throws IOException {
        try (var in = letter.bytes().open(0, size)) {
            return in.readAllBytes();
        }
    }
}
