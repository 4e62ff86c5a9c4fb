package org.postern.delivery.inbound;

import java.io.IOException;
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
    private final Dns dns;
    private final Domain host;
    private final FailedDmarc failed;
    private final InstantSource clock;

    /** @param host who answers for the findings */
    public Examiner(Dns dns, Domain host, FailedDmarc failed, InstantSource clock) {
        this.dns = dns;
        this.host = host;
        this.failed = failed;
        this.clock = clock;
    }

    /**
     * Asks the DNS; the message has Authentication-Results in front then.
     *
     * @param deadline what is not known by then is not known at all
     * @throws IOException when the message's bytes cannot be read
     */
    Judged examine(Letter letter, Inquiry inquiry, Deadline deadline) throws IOException {
        var lookups = new Lookups(dns, deadline);
        int headerSize = letter.parsed().headerSize();
        var returnPath = inquiry.returnPath();
        var sender = new Spf(lookups).check(inquiry.client(), returnPath, inquiry.helo());
        var passed = sender == SpfResult.PASS
                ? returnPath.map(Address::domain).or(() -> Domain.parse(inquiry.helo()))
                : Optional.<Domain>empty();
        var signatures = new DkimVerifier(lookups::txt, clock).verify(letter.bytes(), headerSize);
        var verdict =
                new Dmarc(lookups).check(Headers.of(header(letter, headerSize)).addresses("from"), passed, signatures);
        var field = AuthenticationResults.field(host, sender, returnPath, inquiry.helo(), signatures, verdict);
        return new Judged(letter.behind(field), judgement(verdict));
    }

    /** RFC 7489 §6.3: what the domain asks for, where it is asked. */
    private Judgement judgement(DmarcVerdict verdict) {
        if (failed == FailedDmarc.MARK
                || verdict.result() != DmarcVerdict.Result.FAIL
                || verdict.from().isEmpty()) {
            return new Judgement.Welcome();
        }
        return switch (verdict.asked()) {
            case NONE -> new Judgement.Welcome();
            case QUARANTINE -> new Judgement.Junk();
            case REJECT -> new Judgement.Forged(verdict.from().get());
        };
    }

    private static byte[] header(Letter letter, int size) throws IOException {
        try (var in = letter.bytes().open(0, size)) {
            return in.readAllBytes();
        }
    }
}
