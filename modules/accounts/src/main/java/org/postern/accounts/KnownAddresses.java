package org.postern.accounts;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.postern.database.NotificationHandler;
import org.postern.database.Notifications;
import org.postern.model.Address;

/**
 * Where mail to addresses goes, as a node remembers it while it hears of changes: what changes is forgotten milliseconds after its
 * commit, and nothing is remembered while the node does not listen. Only mailboxes and groups are: an address that comes into
 * being works at once.
 */
final class KnownAddresses implements NotificationHandler {
    /** Whoever changes the directory tells it there, by triggers: it belongs to all cells. */
    static final String CHANNEL = "directory_changed";
    /** So many addresses, some 300 bytes each; those asked for least go first. */
    static final int MAX_KNOWN = 50_000;
    /** Whom nobody writes to for so long is forgotten. */
    private static final Duration UNUSED = Duration.ofHours(1);

    private final Notifications notifications;
    private final Cache<Address, Resolution> known = Caffeine.newBuilder()
            .maximumSize(MAX_KNOWN)
            .expireAfterAccess(UNUSED)
            .build();
    private final AtomicLong heard = new AtomicLong();
    private volatile boolean listening;

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
        var remembered = known.getIfPresent(address);
        if (remembered != null) {
            return remembered;
        }
        long before = heard.get();
        var found = directory.get();
        if (isKept(found)) {
            known.put(address, found);
            if (heard.get() != before) {
                known.invalidate(address); // It may have changed after it was read.
            }
        }
        return found;
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
        int at = payload.lastIndexOf('@');
        var domain = payload.substring(at + 1);
        var local = payload.substring(0, Math.max(0, at));
        forget(address -> address.domain().name().equals(domain)
                && (local.isEmpty()
                        || address.foldedLocalPart().equals(local)
                        || address.foldedLocalPartWithoutDetail().equals(local)));
    }

    @Override
    public void missed() {
        forget(address -> true);
        listening = true;
    }

    private void forget(Predicate<Address> changed) {
        heard.incrementAndGet(); // Before: what was read earlier and is put later is not kept.
        known.asMap().keySet().removeIf(changed);
    }
}
