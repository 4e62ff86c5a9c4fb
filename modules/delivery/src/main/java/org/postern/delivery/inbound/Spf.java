package org.postern.delivery.inbound;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.postern.delivery.dns.Answer;
import org.postern.delivery.dns.Dns;
import org.postern.delivery.inbound.SpfRecord.Directive;
import org.postern.model.Address;
import org.postern.model.Domain;

/** Whether a host may send a domain's mail, as the domain says (RFC 7208). */
final class Spf {
    /** RFC 7208 §4.6.4: terms that ask the DNS; more are a permerror. */
    static final int MAX_LOOKUPS = 10;

    /** §4.6.4: answers without records. */
    static final int MAX_VOID = 2;

    /** §4.6.4, §5.5: hosts of one {@code mx}, names of one {@code ptr}. */
    static final int MAX_HOSTS = 10;

    private final Lookups dns;

    Spf(Lookups dns) {
        this.dns = dns;
    }

    /**
     * @param returnPath empty for the null return path: then the name of EHLO is asked about (§2.4)
     * @param helo what the client called itself
     */
    SpfResult check(InetAddress client, Optional<Address> returnPath, String helo) {
        var domain = returnPath.map(Address::domain).or(() -> Domain.parse(helo));
        if (domain.isEmpty()) {
            return SpfResult.NONE;
        }
        var sender = returnPath.map(Address::localPart).orElse("postmaster") + '@' + domain.get();
        return new Check(client, new SpfMacros(client, sender, helo))
                .of(domain.get().name());
    }

    /** The result that ends a check at once (§2.6.6, §2.6.7). */
    private static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final SpfResult result;

        Ended(SpfResult result) {
            super(result.lowerCase(), null, false, false);
            this.result = result;
        }
    }

    /** One message's check, with what it has used up of its bounds. */
    private final class Check {
        private final InetAddress client;
        private final SpfMacros macros;
        private int lookups;
        private int voids;

        Check(InetAddress client, SpfMacros macros) {
            this.client = client;
            this.macros = macros;
        }

        SpfResult of(String domain) {
            try {
                return evaluate(domain);
            } catch (Ended e) {
                return e.result;
            }
        }

        /** {@code check_host()} (§4). */
        private SpfResult evaluate(String domain) {
            var records = records(domain);
            if (records.isEmpty()) {
                return SpfResult.NONE;
            }
            if (records.size() > 1) {
                throw new Ended(SpfResult.PERMERROR);
            }
            var record = SpfRecord.parse(records.getFirst()).orElseThrow(() -> new Ended(SpfResult.PERMERROR));
            for (var directive : record.directives()) {
                if (matches(directive, domain)) {
                    return directive.result();
                }
            }
            if (record.redirect().isEmpty()) {
                return SpfResult.NEUTRAL;
            }
            count();
            var result = evaluate(expanded(record.redirect().get(), domain));
            if (result == SpfResult.NONE) {
                throw new Ended(SpfResult.PERMERROR); // §6.1.
            }
            return result;
        }

        private List<String> records(String domain) {
            return switch (dns.txt(domain)) {
                case Answer.Found<String>(var texts) ->
                    texts.stream().filter(SpfRecord::isOne).toList();
                case Answer.None<String> none -> List.of();
                case Answer.Unknown<String> unknown -> throw new Ended(SpfResult.TEMPERROR);
            };
        }

        private boolean matches(Directive directive, String domain) {
            return switch (directive.mechanism()) {
                case "all" -> true;
                case "ip4", "ip6" -> isInNetwork(directive);
                case "include" -> {
                    count();
                    yield includes(expanded(argument(directive), domain));
                }
                case "a" -> {
                    count();
                    yield isHost(target(directive, domain), directive);
                }
                case "mx" -> {
                    count();
                    yield isMx(target(directive, domain), directive);
                }
                case "exists" -> {
                    count();
                    yield !found(dns.addresses(expanded(argument(directive), domain), false))
                            .isEmpty();
                }
                case "ptr" -> {
                    count();
                    yield isNamed(target(directive, domain));
                }
                default -> throw new IllegalStateException(directive.mechanism());
            };
        }

        /** §4.6.4. */
        private void count() {
            if (++lookups > MAX_LOOKUPS) {
                throw new Ended(SpfResult.PERMERROR);
            }
        }

        private <T> List<T> found(Answer<T> answer) {
            return switch (answer) {
                case Answer.Found<T>(var values) -> values;
                case Answer.None<T> none -> {
                    if (++voids > MAX_VOID) {
                        throw new Ended(SpfResult.PERMERROR);
                    }
                    yield List.of();
                }
                case Answer.Unknown<T> unknown -> throw new Ended(SpfResult.TEMPERROR);
            };
        }

        private String argument(Directive directive) {
            return directive.argument().orElseThrow(() -> new Ended(SpfResult.PERMERROR));
        }

        private String target(Directive directive, String domain) {
            return directive.argument().map(spec -> expanded(spec, domain)).orElse(domain);
        }

        private String expanded(String spec, String domain) {
            return macros.expand(spec, domain).orElseThrow(() -> new Ended(SpfResult.PERMERROR));
        }

        /** §5.2: only a pass matches; a domain without a record is an error of whoever includes it. */
        private boolean includes(String domain) {
            return switch (evaluate(domain)) {
                case PASS -> true;
                case FAIL, SOFTFAIL, NEUTRAL -> false;
                case NONE, PERMERROR -> throw new Ended(SpfResult.PERMERROR);
                case TEMPERROR -> throw new Ended(SpfResult.TEMPERROR);
            };
        }

        private boolean isInNetwork(Directive directive) {
            boolean six = directive.mechanism().equals("ip6");
            int prefix =
                    six ? directive.prefix6().orElse(128) : directive.prefix4().orElse(32);
            return Addresses.literal(argument(directive), six)
                    .map(network -> Addresses.agree(client, network, prefix))
                    .orElse(false);
        }

        private boolean isHost(String host, Directive directive) {
            boolean six = Addresses.isSix(client);
            int prefix =
                    six ? directive.prefix6().orElse(128) : directive.prefix4().orElse(32);
            return found(dns.addresses(host, six)).stream()
                    .anyMatch(address -> Addresses.agree(client, address, prefix));
        }

        private boolean isMx(String domain, Directive directive) {
            var hosts = found(dns.mx(domain));
            if (hosts.size() > MAX_HOSTS) {
                throw new Ended(SpfResult.PERMERROR);
            }
            return hosts.stream()
                    .map(Dns.Mx::host)
                    .filter(host -> !host.isEmpty())
                    .anyMatch(host -> isHost(host, directive));
        }

        /** §5.5: a name of the client that leads back to it and is in the domain. */
        private boolean isNamed(String domain) {
            boolean six = Addresses.isSix(client);
            return switch (dns.names(client)) {
                case Answer.Found<String>(var names) ->
                    names.stream()
                            .limit(MAX_HOSTS)
                            .filter(name -> isWithin(name, domain))
                            .anyMatch(name -> dns.addresses(name, six) instanceof Answer.Found<InetAddress>(var back)
                                    && back.contains(client));
                case Answer.None<String> none -> false;
                case Answer.Unknown<String> unknown -> false; // §5.5: an error here is no match.
            };
        }

        private boolean isWithin(String name, String domain) {
            var lower = name.toLowerCase(Locale.ROOT);
            var wanted = domain.toLowerCase(Locale.ROOT);
            return lower.equals(wanted) || lower.endsWith('.' + wanted);
        }
    }
}
