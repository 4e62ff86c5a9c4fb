package org.postern.delivery.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;

/** Asks the DNS (RFC 1035): names as they are, never with a search path; every question bounded in time. */
public final class Dns {
    private static final int MAX_CNAMES = 8;

    private final LookupSession session;
    private final DnsSettings settings;

    public Dns(DnsSettings settings) {
        this.settings = settings;
        var cache = new Cache(DClass.IN);
        cache.setMaxEntries(settings.cached());
        this.session = LookupSession.builder()
                .resolver(resolver(settings))
                .cache(cache)
                .maxRedirects(MAX_CNAMES)
                .build();
    }

    private static Resolver resolver(DnsSettings settings) {
        try {
            var resolver = settings.servers().isEmpty()
                    ? new ExtendedResolver()
                    : new ExtendedResolver(
                            settings.servers().stream().map(Dns::server).toArray(Resolver[]::new));
            resolver.setTimeout(settings.timeout());
            resolver.setRetries(settings.tries());
            return resolver;
        } catch (RuntimeException e) {
            throw new IllegalStateException("the operating system names no usable name server", e);
        }
    }

    private static Resolver server(InetSocketAddress address) {
        return new SimpleResolver(address);
    }

    /**
     * One MX record.
     *
     * @param host {@code .} is written as the empty name: no mail is taken (RFC 7505)
     */
    public record Mx(int preference, String host) {}

    public Answer<Mx> mx(String domain) {
        return ask(domain, Type.MX, record -> {
            var mx = (MXRecord) record;
            return new Mx(mx.getPriority(), withoutDot(mx.getTarget()));
        });
    }

    /** IPv6 and IPv4 addresses in turn, IPv6 first; those of one family when the other cannot be asked. */
    public Answer<InetAddress> addresses(String host) {
        var six = ask(host, Type.AAAA, record -> ((AAAARecord) record).getAddress());
        var four = ask(host, Type.A, record -> ((ARecord) record).getAddress());
        var inTurn = new ArrayList<InetAddress>();
        var sixes = values(six);
        var fours = values(four);
        for (int i = 0; i < Math.max(sixes.size(), fours.size()); i++) {
            if (i < sixes.size()) {
                inTurn.add(sixes.get(i));
            }
            if (i < fours.size()) {
                inTurn.add(fours.get(i));
            }
        }
        if (!inTurn.isEmpty()) {
            return new Answer.Found<>(inTurn);
        }
        return four instanceof Answer.Unknown<InetAddress> ? four : six;
    }

    /** The addresses of one family: what SPF's {@code a} and {@code mx} compare with (RFC 7208 §5). */
    public Answer<InetAddress> addresses(String host, boolean six) {
        return six
                ? ask(host, Type.AAAA, record -> ((AAAARecord) record).getAddress())
                : ask(host, Type.A, record -> ((ARecord) record).getAddress());
    }

    /** The names of a network address. */
    public Answer<String> names(InetAddress address) {
        return ask(
                ReverseMap.fromAddress(address).toString(true),
                Type.PTR,
                record -> withoutDot(((PTRRecord) record).getTarget()));
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
        });
    }

    /** What the name is an alias of. */
    public Answer<String> cname(String name) {
        return ask(name, Type.CNAME, record -> withoutDot(((CNAMERecord) record).getTarget()));
    }

    /** Each TXT record, its strings joined (RFC 7208 §3.3, RFC 8461 §3.1). */
    public Answer<String> txt(String name) {
        return ask(name, Type.TXT, record -> String.join("", ((TXTRecord) record).getStrings()));
    }

    private static <T> List<T> values(Answer<T> answer) {
        return switch (answer) {
            case Answer.Found<T>(var values) -> values;
            case Answer.None<T> none -> List.of();
            case Answer.Unknown<T> unknown -> List.of();
        };
    }

    private <T> Answer<T> ask(String name, int type, Function<Record, T> value) {
        Name asked;
        try {
            asked = Name.fromString(name + '.');
        } catch (TextParseException e) {
            return new Answer.None<>(true);
        }
        var pending = session.lookupAsync(asked, type).toCompletableFuture();
        try {
            var records = pending.get(settings.total().toMillis(), TimeUnit.MILLISECONDS)
                    .getRecords();
            var values = records.stream()
                    .filter(record -> record.getType() == type)
                    .map(value)
                    .toList();
            return values.isEmpty() ? new Answer.None<>(false) : new Answer.Found<>(values);
        } catch (ExecutionException e) {
            return failed(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            pending.cancel(true);
            return new Answer.Unknown<>("no answer within " + settings.total().toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer.Unknown<>("interrupted");
        }
    }

    private static <T> Answer<T> failed(Throwable why) {
        return switch (why) {
            case NoSuchDomainException none -> new Answer.None<>(true);
            case NoSuchRRSetException none -> new Answer.None<>(false);
            default -> new Answer.Unknown<>(String.valueOf(why.getMessage()));
        };
    }

    private static String withoutDot(Name name) {
        var text = name.toString(true);
        return text.equals(".") ? "" : text;
    }
}
