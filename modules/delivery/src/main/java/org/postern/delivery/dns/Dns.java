package org.postern.delivery.dns;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.postern.delivery.dns.NameServers.Outcome;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.TLSARecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** Asks the DNS (RFC 1035): names as they are, never with a search path; every question bounded in time. */
public final class Dns {
    private final NameServers servers;

    public Dns(DnsSettings settings) {
        this.servers = new NameServers(settings);
    }

    /**
     * One MX record.
     *
     * @param host {@code .} is written as the empty name: no mail is taken (RFC 7505)
     */
    public record Mx(int preference, String host) {}

    public Answer<Mx> mx(String domain) {
        return securedMx(domain).answer();
    }

    public Secured<Mx> securedMx(String domain) {
        return ask(domain, Type.MX, record -> {
            var mx = (MXRecord) record;
            return new Mx(mx.getPriority(), withoutDot(mx.getTarget()));
        });
    }

    /** IPv6 and IPv4 addresses in turn, IPv6 first; those of one family when the other cannot be asked. */
    public Answer<InetAddress> addresses(String host) {
        return securedAddresses(host).answer();
    }

    public Secured<InetAddress> securedAddresses(String host) {
        var six = six(host);
        var four = four(host);
        var found = Stream.of(six, four)
                .filter(each -> each.answer() instanceof Answer.Found<InetAddress>)
                .toList();
        if (found.isEmpty()) {
            return four.answer() instanceof Answer.Unknown<InetAddress> ? four : six;
        }
        return new Secured<>(
                new Answer.Found<>(inTurn(values(six.answer()), values(four.answer()))),
                found.stream().allMatch(Secured::secure),
                found.getFirst().name());
    }

    private static List<InetAddress> inTurn(List<InetAddress> sixes, List<InetAddress> fours) {
        var inTurn = new ArrayList<InetAddress>();
        for (int i = 0; i < Math.max(sixes.size(), fours.size()); i++) {
            if (i < sixes.size()) {
                inTurn.add(sixes.get(i));
            }
            if (i < fours.size()) {
                inTurn.add(fours.get(i));
            }
        }
        return inTurn;
    }

    /** The addresses of one family: what SPF's {@code a} and {@code mx} compare with (RFC 7208 §5). */
    public Answer<InetAddress> addresses(String host, boolean six) {
        return (six ? six(host) : four(host)).answer();
    }

    private Secured<InetAddress> six(String host) {
        return ask(host, Type.AAAA, record -> ((AAAARecord) record).getAddress());
    }

    private Secured<InetAddress> four(String host) {
        return ask(host, Type.A, record -> ((ARecord) record).getAddress());
    }

    /** The names of a network address. */
    public Answer<String> names(InetAddress address) {
        return ask(
                        ReverseMap.fromAddress(address).toString(true),
                        Type.PTR,
                        record -> withoutDot(((PTRRecord) record).getTarget()))
                .answer();
    }

    /**
     * One SRV record (RFC 2782).
     *
     * @param host empty: the service is not offered
     */
    public record Srv(int priority, int weight, int port, String host) {}

    public Answer<Srv> srv(String name) {
        return ask(name, Type.SRV, record -> {
                    var srv = (SRVRecord) record;
                    return new Srv(srv.getPriority(), srv.getWeight(), srv.getPort(), withoutDot(srv.getTarget()));
                })
                .answer();
    }

    /**
     * One TLSA record (RFC 6698 §2.1), its fields as they came.
     *
     * @param data in lower-case hexadecimal
     */
    public record Tlsa(int usage, int selector, int matching, String data) {}

    public Secured<Tlsa> tlsa(String name) {
        return ask(name, Type.TLSA, record -> {
            var tlsa = (TLSARecord) record;
            return new Tlsa(
                    tlsa.getCertificateUsage(),
                    tlsa.getSelector(),
                    tlsa.getMatchingType(),
                    HexFormat.of().formatHex(tlsa.getCertificateAssociationData()));
        });
    }

    /** What the name is an alias of. */
    public Answer<String> cname(String name) {
        return securedCname(name).answer();
    }

    public Secured<String> securedCname(String name) {
        return ask(name, Type.CNAME, record -> withoutDot(((CNAMERecord) record).getTarget()));
    }

    /** Each TXT record, its strings joined (RFC 7208 §3.3, RFC 8461 §3.1). */
    public Answer<String> txt(String name) {
        return ask(name, Type.TXT, record -> String.join("", ((TXTRecord) record).getStrings()))
                .answer();
    }

    private static <T> List<T> values(Answer<T> answer) {
        return switch (answer) {
            case Answer.Found<T>(var values) -> values;
            case Answer.None<T> none -> List.of();
            case Answer.Unknown<T> unknown -> List.of();
        };
    }

    private <T> Secured<T> ask(String name, int type, Function<Record, T> value) {
        Name asked;
        try {
            asked = Name.fromString(name + '.');
        } catch (TextParseException e) {
            return new Secured<>(new Answer.None<>(true), false, name);
        }
        return switch (servers.ask(asked, type)) {
            case Outcome.Silent(var why) -> new Secured<>(new Answer.Unknown<>(why), false, name);
            case Outcome.Said said -> new Secured<>(answer(said, value), said.secure(), withoutDot(said.name()));
        };
    }

    private static <T> Answer<T> answer(Outcome.Said said, Function<Record, T> value) {
        return said.records().isEmpty()
                ? new Answer.None<>(said.noSuchName())
                : new Answer.Found<>(said.records().stream().map(value).toList());
    }

    private static String withoutDot(Name name) {
        var text = name.toString(true);
        return text.equals(".") ? "" : text;
    }
}
