package org.postern.delivery.dns;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/**
 * Puts questions to name servers that do the work (RFC 1034 §5.3.1), and remembers what they said for as long as they allow. dnsjava's own
 * sessions do so too, but forget whether an answer was validated.
 */
final class NameServers {
    /** Aliases of aliases that are followed. */
    static final int MAX_ALIASES = 8;
    /** However long an answer says that it holds. */
    static final Duration LONGEST = Duration.ofDays(1);
    /** RFC 2308 §5 thinks of one to three hours for what is not there. */
    static final Duration LONGEST_NONE = Duration.ofHours(1);

    private final Resolver resolver;
    private final DnsSettings settings;
    private final Cache<Question, Outcome.Said> said;

    NameServers(DnsSettings settings) {
        this.settings = settings;
        this.resolver = resolver(settings);
        this.said = Caffeine.newBuilder()
                .maximumSize(settings.cached())
                .expireAfter(Expiry.creating((Question asked, Outcome.Said answer) -> answer.holds()))
                .build();
    }

    private static Resolver resolver(DnsSettings settings) {
        try {
            var resolver = settings.servers().isEmpty()
                    ? new ExtendedResolver()
                    : new ExtendedResolver(
                            settings.servers().stream().map(NameServers::server).toArray(Resolver[]::new));
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

    private record Question(Name name, int type) {}

    /** What became of a question. */
    sealed interface Outcome {
        /**
         * An answer.
         *
         * @param records of the type that was asked for
         * @param name whose they are, aliases followed
         * @param noSuchName whether there is nothing else of that name either
         * @param secure all of it was validated
         */
        record Said(List<Record> records, Name name, boolean noSuchName, boolean secure, Duration holds)
                implements Outcome {
            public Said {
                records = List.copyOf(records);
            }
        }

        /** None of any use. */
        record Silent(String why) implements Outcome {}
    }

    Outcome ask(Name name, int type) {
        var question = new Question(name, type);
        var known = said.getIfPresent(question);
        if (known != null) {
            return known;
        }
        var outcome = put(question);
        if (outcome instanceof Outcome.Said answer && answer.holds().isPositive()) {
            said.put(question, answer);
        }
        return outcome;
    }

    private Outcome put(Question question) {
        var query = Message.newQuery(Record.newRecord(question.name(), question.type(), DClass.IN));
        if (settings.trustAd()) {
            query.getHeader().setFlag(Flags.AD); // Says that we want to know (RFC 6840 §5.7).
        }
        var pending = resolver.sendAsync(query).toCompletableFuture();
        try {
            return read(question, pending.get(settings.total().toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            var why = Optional.ofNullable(e.getCause()).orElse(e);
            return new Outcome.Silent(Optional.ofNullable(why.getMessage()).orElseGet(why::toString));
        } catch (TimeoutException e) {
            pending.cancel(true);
            return new Outcome.Silent("no answer within " + settings.total().toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome.Silent("interrupted");
        }
    }

    /** From alias to alias, for a name server that does the work has followed them all: what else it says does not belong there. */
    private Outcome read(Question question, Message answer) {
        int code = answer.getRcode();
        if (code != Rcode.NOERROR && code != Rcode.NXDOMAIN) {
            return new Outcome.Silent("the name server says " + Rcode.string(code));
        }
        var all = answer.getSection(Section.ANSWER);
        var name = question.name();
        long holds = LONGEST.toSeconds();
        for (int aliases = 0; aliases <= MAX_ALIASES; aliases++) {
            var records = of(all, name, question.type());
            var alias = records.isEmpty() ? of(all, name, Type.CNAME) : List.<Record>of();
            if (alias.isEmpty()) {
                boolean none = records.isEmpty();
                holds = least(holds, records.stream().map(Record::getTTL));
                return new Outcome.Said(
                        records,
                        name,
                        none && code == Rcode.NXDOMAIN,
                        settings.trustAd() && answer.getHeader().getFlag(Flags.AD),
                        Duration.ofSeconds(none ? Math.min(holds, untilAskedAgain(answer)) : holds));
            }
            holds = least(holds, Stream.of(alias.getFirst().getTTL()));
            name = ((CNAMERecord) alias.getFirst()).getTarget();
        }
        return new Outcome.Silent("more than " + MAX_ALIASES + " aliases");
    }

    private static List<Record> of(List<Record> all, Name name, int type) {
        return all.stream()
                .filter(record -> record.getType() == type && record.getName().equals(name))
                .toList();
    }

    private static long least(long holds, Stream<Long> others) {
        return others.reduce(holds, Math::min);
    }

    /** RFC 2308 §5; what no SOA record vouches for is not remembered. */
    private static long untilAskedAgain(Message answer) {
        return answer.getSection(Section.AUTHORITY).stream()
                .filter(SOARecord.class::isInstance)
                .map(SOARecord.class::cast)
                .mapToLong(soa -> Math.min(soa.getTTL(), soa.getMinimum()))
                .map(seconds -> Math.min(seconds, LONGEST_NONE.toSeconds()))
                .findFirst()
                .orElse(0);
    }
}
