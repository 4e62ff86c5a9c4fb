package org.postern.delivery.relay.mtasts;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.postern.database.Database;
import org.postern.delivery.dns.Answer;
import org.postern.delivery.dns.Dns;
import org.postern.delivery.relay.client.ClientTls;
import org.postern.delivery.relay.client.Watch;
import org.postern.delivery.relay.route.Router;

/** The policy of each domain, fetched when its TXT record announces another one (RFC 8461 §5.1). */
public final class Policies {
    /** A policy that could not be fetched is not asked for again so soon (RFC 8461 §3.3). */
    static final Duration AFTER_FAILURE = Duration.ofMinutes(5);

    private static final int FAILURES_REMEMBERED = 10_000;
    private static final Pattern RECORD =
            Pattern.compile("v=STSv1\\s*;(?:.*;)?\\s*id\\s*=\\s*([A-Za-z0-9]{1,32})\\s*;?\\s*(?:;.*)?");

    private final Dns dns;
    private final PolicyHost host;
    private final PolicyStore store;
    private final Cache<String, Boolean> failed = Caffeine.newBuilder()
            .expireAfterWrite(AFTER_FAILURE)
            .maximumSize(FAILURES_REMEMBERED)
            .build();

    private Policies(Dns dns, PolicyHost host, PolicyStore store) {
        this.dns = dns;
        this.host = host;
        this.store = store;
    }

    /** @param port of the hosts that have policies */
    public static Policies over(Database database, Dns dns, Router router, ClientTls tls, Watch watch, int port) {
        return new Policies(dns, new PolicyHost(router, tls, watch, port), new PolicyStore(database));
    }

    /** What holds now; empty when the domain demands nothing, or never has where we could hear it. */
    public Optional<Policy> of(String domain) {
        var known = store.find(domain);
        var announced = announced(domain);
        if (announced.isPresent()
                && !known.map(PolicyStore.Stored::id).equals(announced)
                && failed.getIfPresent(domain) == null) {
            var fresh = host.fetch(domain);
            if (fresh.isPresent()) {
                store.keep(domain, announced.get(), fresh.get());
                return demanding(fresh);
            }
            failed.put(domain, true);
        }
        return demanding(known.map(PolicyStore.Stored::policy));
    }

    private static Optional<Policy> demanding(Optional<Policy> policy) {
        return policy.filter(each -> each.mode() != Policy.Mode.NONE);
    }

    /** The id in the one TXT record that there must be (RFC 8461 §3.1). */
    private Optional<String> announced(String domain) {
        return switch (dns.txt("_mta-sts." + domain)) {
            case Answer.Found<String>(var texts) -> id(texts);
            case Answer.None<String> none -> Optional.empty();
            case Answer.Unknown<String> unknown -> Optional.empty();
        };
    }

    private static Optional<String> id(List<String> texts) {
        var records = texts.stream().filter(text -> text.startsWith("v=STSv1")).toList();
        if (records.size() != 1) {
            return Optional.empty();
        }
        var found = RECORD.matcher(records.getFirst());
        return found.matches() ? Optional.of(found.group(1)) : Optional.empty();
    }
}
