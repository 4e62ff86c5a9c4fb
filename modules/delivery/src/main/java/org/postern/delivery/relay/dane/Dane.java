package org.postern.delivery.relay.dane;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.postern.delivery.dns.Answer;
import org.postern.delivery.dns.Dns;
import org.postern.delivery.dns.Dns.Tlsa;
import org.postern.delivery.dns.Secured;

/** Finds out what TLSA records demand of the connections to mail hosts (RFC 7672 §2.2). */
public final class Dane {
    /** Of one host; who publishes more has made a mistake, and gets no mail until it is mended. */
    static final int MAX_RECORDS = 50;

    private final Dns dns;

    public Dane(Dns dns) {
        this.dns = dns;
    }

    /** What is known of a host's records. */
    public sealed interface Finding {
        /** There are none, or nothing proves them. */
        record Nothing() implements Finding {}

        record Demanded(DanePolicy policy) implements Finding {}

        /** It could not be found out whether there are any: the host is not to be used now (RFC 7672 §2.1.2). */
        record Unknown(String why) implements Finding {}
    }

    /**
     * Looks for the records of one of a domain's hosts, whose names DNSSEC has proven.
     *
     * @param addresses of the host: without proof of these nobody is asked for records, for there are name servers in unsigned zones that
     *     choke on the question (RFC 7672 §2.1)
     * @param domains the one that mail is for, and what it is an alias of
     */
    public Finding of(String host, int port, Secured<InetAddress> addresses, List<String> domains) {
        for (var base : bases(host, addresses)) {
            var records = dns.tlsa("_" + port + "._tcp." + base);
            switch (records.answer()) {
                case Answer.None<Tlsa> none -> {}
                case Answer.Unknown<Tlsa>(var why) -> {
                    return new Finding.Unknown("The TLSA records of " + base + " cannot be found: " + why);
                }
                case Answer.Found<Tlsa>(var all) -> {
                    if (all.size() > MAX_RECORDS) {
                        return new Finding.Unknown(base + " has more than " + MAX_RECORDS + " TLSA records");
                    }
                    if (records.secure()) {
                        return new Finding.Demanded(policy(base, host, domains, all));
                    }
                }
            }
        }
        return new Finding.Nothing();
    }

    /** Where records may be: at what the host's name is an alias of, then at the name itself (RFC 7672 §2.2.3). */
    private List<String> bases(String host, Secured<InetAddress> addresses) {
        boolean alias = !addresses.name().equalsIgnoreCase(host);
        if (addresses.secure()) {
            return alias ? List.of(addresses.name(), host) : List.of(host);
        }
        // A proven alias of a name that is not: the alias may have records of its own (RFC 7672 §2.1.3).
        return alias && dns.securedCname(host).secure() ? List.of(host) : List.of();
    }

    private static DanePolicy policy(String base, String host, List<String> domains, List<Tlsa> records) {
        var names = Stream.concat(Stream.of(base, host), domains.stream());
        var usable = records.stream().map(Association::of).flatMap(Optional::stream);
        return new DanePolicy(base, names.distinct().toList(), usable.toList());
    }
}
