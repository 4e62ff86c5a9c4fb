package org.postern.delivery.inbound;

import java.util.Locale;
import java.util.Optional;
import org.postern.delivery.dkim.TagList;

/**
 * What a domain asks for (RFC 7489 §6.3).
 *
 * @param subdomains for those that say nothing themselves
 * @param testing it only wants to know: nothing is to come of it
 */
record DmarcPolicy(
        Disposition domain,
        Disposition subdomains,
        boolean strictDkim,
        boolean strictSpf,
        boolean testing,
        boolean ofPublicSuffix) {
    /** What is to become of mail that fails, in growing rigour. */
    enum Disposition {
        NONE,
        QUARANTINE,
        REJECT;

        String lowerCase() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Disposition> of(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "none" -> Optional.of(NONE);
                case "quarantine" -> Optional.of(QUARANTINE);
                case "reject" -> Optional.of(REJECT);
                default -> Optional.empty();
            };
        }
    }

    /** Empty for a text that is no policy. One that says nothing usable asks for nothing (§6.6.3). */
    static Optional<DmarcPolicy> parse(String text) {
        return TagList.parse(text)
                .filter(tags -> tags.beginsWith("v", "DMARC1"))
                .map(tags -> {
                    var domain = tags.compact("p").flatMap(Disposition::of).orElse(Disposition.NONE);
                    var subdomains = tags.compact("sp").flatMap(Disposition::of).orElse(domain);
                    return new DmarcPolicy(
                            domain,
                            subdomains,
                            tags.compact("adkim").orElse("r").equals("s"),
                            tags.compact("aspf").orElse("r").equals("s"),
                            tags.compact("t").orElse("n").equals("y"),
                            tags.compact("psd").orElse("u").equals("y"));
                });
    }
}
