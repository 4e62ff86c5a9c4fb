package org.postern.accounts;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.postern.database.NotificationHandler;
import org.postern.database.Notifications;
import org.postern.model.Address;
import org.postern.model.Domain;

/**
 * Where mail to addresses goes, as a node remembers it while it hears of changes: what changes is forgotten milliseconds after its
 * commit, and nothing is remembered while the node does not listen. Only mailboxes and groups are: an address that comes into
 * being works at once.
 */
final class KnownAddresses implements NotificationHandler {
    /** Whoever changes the directory tells it there, by triggers: it belongs to all cells. */
    static final String CHANNEL = "directory_changed";
    /** So many names, some 400 bytes each; those asked for least go first. */
    static final int MAX_KNOWN = 50_000;
    /** So many spellings and details of one name; a sender who makes up more begins anew. */
    static final int MAX_SPELLINGS = 8;
    /** Whom nobody writes to for so long is forgotten. */
    private static final Duration UNUSED = Duration.ofHours(1);

    private final Notifications notifications;
    private final Cache<Name, Map<Address, Resolution>> known = Caffeine.newBuilder()
            .maximumSize(MAX_KNOWN)
            .expireAfterAccess(UNUSED)
            .build();
    private final AtomicLong heard = new AtomicLong();
    private volatile boolean listening;

    /** What a change is told of, and all addresses that it may change: a notice costs one look, however many are known. */
    private record Name(String base, String domain) {
        static Name of(Address address) {
            return new Name(
                    address.foldedLocalPartWithoutDetail(), address.domain().name());
        }
    }

    private KnownAddresses(Notifications notifications) {
        this.notifications = notifications;
    }

    static KnownAddresses listening(Notifications notifications) {
        var known = new KnownAddresses(notifications);
        notifications.on(CHANNEL, known);
        return known;
    }

    /** @param directory what is asked where it is not known */
    Resolution find(Address address, Supplier<Resolution> directory) {
        if (!listening || !notifications.isListening()) {
            return directory.get();
        }
        var name = Name.of(address);
        var remembered = known.asMap().getOrDefault(name, Map.of()).get(address);
        if (remembered != null) {
            return remembered;
        }
        long before = heard.get();
        var found = directory.get();
        if (isKept(found)) {
            known.asMap().merge(name, Map.of(address, found), KnownAddresses::joined);
            if (heard.get() != before) {
                known.invalidate(name); // It may have changed after it was read.
            }
        }
        return found;
    }

    private static Map<Address, Resolution> joined(Map<Address, Resolution> old, Map<Address, Resolution> added) {
        if (old.size() >= MAX_SPELLINGS) {
            return added;
        }
        var all = new HashMap<>(old);
        all.putAll(added);
        return Map.copyOf(all);
    }

    private static boolean isKept(Resolution found) {
        return switch (found) {
            // A domain's oldest mailbox may be another one after any change of its addresses.
            case Resolution.Local local -> local.match() != Resolution.Match.POSTMASTER;
            case Resolution.Leads leads -> true;
            case Resolution.NoSuchAddress nobody -> false;
            case Resolution.Elsewhere elsewhere -> false;
        };
    }

    @Override
    public void notified(String payload) {
        heard.incrementAndGet(); // Before: what was read earlier and is put later is not kept.
        int at = payload.lastIndexOf('@');
        var domain = payload.substring(at + 1);
        if (at > 0) {
            known.invalidate(Name.of(new Address(payload.substring(0, at), new Domain(domain))));
        } else {
            known.asMap().keySet().removeIf(name -> name.domain().equals(domain));
        }
    }

    @Override
    public void missed() {
        heard.incrementAndGet();
        known.invalidateAll();
        listening = true;
    }
}
