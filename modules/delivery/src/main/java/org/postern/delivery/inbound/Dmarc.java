package org.postern.delivery.inbound;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Optional;
import org.postern.delivery.dkim.DkimVerdict;
import org.postern.delivery.dns.Answer;
import org.postern.delivery.inbound.DmarcVerdict.Result;
import org.postern.mime.EnvelopeAddress;
import org.postern.model.Domain;

/**
 * Whether the domain that a message shows is the one that answers for it (RFC 7489).
 *
 * <p>Deviates from RFC 7489 §3.2: the organizational domain is found by walking up the DNS, as its successor does, and not by a list
 * of public suffixes, which would have to be kept up to date.
 */
final class Dmarc {
    /** Questions for one name: longer names are cut to this many labels. */
    static final int MAX_LABELS = 8;

    private final Lookups dns;

    Dmarc(Lookups dns) {
        this.dns = dns;
    }

    /** The DNS could not be asked. */
    private static final class Unknown extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unknown() {
            super("the DNS cannot be asked", null, false, false);
        }
    }

    /** A policy and whose it is. */
    private record Published(String domain, DmarcPolicy policy) {}

    /**
     * @param from all addresses of the From fields
     * @param spf the domain that SPF has passed, if so
     */
    DmarcVerdict check(List<EnvelopeAddress> from, Optional<Domain> spf, List<DkimVerdict> dkim) {
        var domain = author(from);
        if (domain.isEmpty()) {
            return new DmarcVerdict(Result.PERMERROR, domain, DmarcPolicy.Disposition.NONE);
        }
        try {
            return check(domain.get(), spf, dkim);
        } catch (Unknown e) {
            return new DmarcVerdict(Result.TEMPERROR, domain, DmarcPolicy.Disposition.NONE);
        }
    }

    /** §6.6.1: one domain, or nobody can say whose policy counts. */
    private static Optional<Domain> author(List<EnvelopeAddress> from) {
        var domains = from.stream()
                .filter(EnvelopeAddress.Mailbox.class::isInstance)
                .map(each -> Domain.parse(
                        new String(((EnvelopeAddress.Mailbox) each).host().getBytes(ISO_8859_1), UTF_8)))
                .distinct()
                .toList();
        return domains.size() == 1 ? domains.getFirst() : Optional.empty();
    }

    private DmarcVerdict check(Domain from, Optional<Domain> spf, List<DkimVerdict> dkim) {
        var own = policy(from.name());
        var published = own.map(policy -> new Published(from.name(), policy)).or(() -> highest(from.name()));
        if (published.isEmpty()) {
            return new DmarcVerdict(Result.NONE, Optional.of(from), DmarcPolicy.Disposition.NONE);
        }
        var policy = published.get().policy();
        boolean aligned = spf.filter(domain -> isAligned(from, domain, policy.strictSpf()))
                        .isPresent()
                || dkim.stream()
                        .filter(DkimVerdict::passed)
                        .flatMap(verdict -> verdict.domain().stream())
                        .anyMatch(domain -> isAligned(from, domain, policy.strictDkim()));
        var asked = published.get().domain().equals(from.name()) ? policy.domain() : policy.subdomains();
        return new DmarcVerdict(
                aligned ? Result.PASS : Result.FAIL,
                Optional.of(from),
                policy.testing() ? DmarcPolicy.Disposition.NONE : asked);
    }

    private boolean isAligned(Domain from, Domain other, boolean strict) {
        return from.equals(other)
                || (!strict
                        && isRelated(from.name(), other.name())
                        && organization(from).equals(organization(other)));
    }

    /** Spares the DNS questions about names that have but their last label in common. */
    private static boolean isRelated(String one, String other) {
        var a = one.split("\\.", -1);
        var b = other.split("\\.", -1);
        return a.length > 1
                && b.length > 1
                && a[a.length - 1].equals(b[b.length - 1])
                && a[a.length - 2].equals(b[b.length - 2]);
    }

    private String organization(Domain domain) {
        return highest(domain.name()).map(Published::domain).orElse(domain.name());
    }

    /** The highest name above, or of, the domain that has a policy and is not a public suffix. */
    private Optional<Published> highest(String domain) {
        Optional<Published> highest = Optional.empty();
        for (var name = cut(domain); name.indexOf('.') > 0; name = name.substring(name.indexOf('.') + 1)) {
            var found = policy(name);
            if (found.isPresent() && found.get().ofPublicSuffix()) {
                break; // What is above is nobody's of ours.
            }
            if (found.isPresent()) {
                highest = Optional.of(new Published(name, found.get()));
            }
        }
        return highest;
    }

    private static String cut(String domain) {
        var labels = List.of(domain.split("\\.", -1));
        return labels.size() <= MAX_LABELS
                ? domain
                : String.join(".", labels.subList(labels.size() - MAX_LABELS, labels.size()));
    }

    private Optional<DmarcPolicy> policy(String domain) {
        return switch (dns.txt("_dmarc." + domain)) {
            case Answer.Found<String>(var texts) -> {
                var policies = texts.stream()
                        .flatMap(text -> DmarcPolicy.parse(text).stream())
                        .toList();
                yield policies.size() == 1 ? Optional.of(policies.getFirst()) : Optional.empty(); // §6.6.3.
            }
            case Answer.None<String> none -> Optional.empty();
            case Answer.Unknown<String> unknown -> throw new Unknown();
        };
    }
}
