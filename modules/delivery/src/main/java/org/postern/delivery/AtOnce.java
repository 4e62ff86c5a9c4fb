package org.postern.delivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.postern.accounts.Access;
import org.postern.accounts.SendQuotas;
import org.postern.database.Database;
import org.postern.database.DatabaseUnavailable;
import org.postern.database.GroupCommit;
import org.postern.database.Undone;
import org.postern.mailstore.DeliverOutcome;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.PreparedParcels;
import org.postern.model.Address;
import org.postern.model.MailboxId;

/**
 * Submissions that have nothing in their way, as nearly all that have nobody to wait for: stored and counted in one round trip, those
 * of different sessions with one commit ({@link GroupCommit}).
 *
 * <p>All or nothing: why one cannot be taken so, its own transaction has to find out.
 */
final class AtOnce {
    /** For so long nobody tries it again with a mailbox that was in the way: all the work would be done twice. */
    private static final Duration PAUSE = Duration.ofSeconds(5);
    /** So many such mailboxes are remembered. */
    private static final int MAX_HINDERED = 10_000;

    private final Database database;
    private final FolderStore store;
    private final SendQuotas quotas;
    private final GroupCommit<Candidate, Taken> groups = new GroupCommit<>(new Storing());
    private final Cache<MailboxId, Boolean> hindered = Caffeine.newBuilder()
            .expireAfterWrite(PAUSE)
            .maximumSize(MAX_HINDERED)
            .build();

    AtOnce(Database database, FolderStore store, SendQuotas quotas) {
        this.database = database;
        this.store = store;
        this.quotas = quotas;
    }

    /** @param newRecipients to whom the mailbox had not written before */
    record Taken(DeliverOutcome delivery, List<String> newRecipients) {}

    private record Candidate(Access access, List<Address> recipients, PreparedParcels parcels, Set<Object> locks)
            implements GroupCommit.Work {
        static Candidate of(Access access, List<Address> recipients, PreparedParcels parcels) {
            var locks = new HashSet<Object>(parcels.mailboxes());
            locks.add(access.account());
            return new Candidate(access, recipients, parcels, locks);
        }

        @Override
        public long bytes() {
            return parcels.bytes();
        }
    }

    private final class Storing implements GroupCommit.Storing<Candidate, Taken> {
        @Override
        public Taken alone(Candidate one) {
            return store(List.of(one)).getFirst();
        }

        @Override
        public List<Optional<Taken>> together(List<Candidate> group) {
            return store(group).stream().map(Optional::of).toList();
        }
    }

    /** A mailbox that is over its quota or its limit, or has no such folder. */
    void hinders(MailboxId mailbox) {
        hindered.put(mailbox, true);
    }

    /**
     * Takes it for all its recipients, or for none and the database is as it was.
     *
     * @throws DatabaseUnavailable when the database was lost and nobody knows whether the message is taken
     */
    Optional<Taken> take(Access access, List<Address> recipients, PreparedParcels parcels) {
        if (!parcels.mayGoTogether() || isHindered(access, parcels.mailboxes())) {
            return Optional.empty();
        }
        try {
            return Optional.of(groups.store(Candidate.of(access, recipients, parcels)));
        } catch (Undone e) {
            return Optional.empty();
        } catch (DatabaseUnavailable e) {
            if (e.outcomeUnknown()) {
                throw e;
            }
            return Optional.empty(); // Nothing was done; a transaction is tried more than once.
        }
    }

    private boolean isHindered(Access access, Collection<MailboxId> mailboxes) {
        return hindered.getIfPresent(access.mailbox()) != null
                || mailboxes.stream().anyMatch(each -> hindered.getIfPresent(each) != null);
    }

    private List<Taken> store(List<Candidate> group) {
        var delivery =
                store.deliverOrUndo(group.stream().map(each -> each.parcels).toList());
        var slots = quotas.takeTogetherOrUndo(group.stream()
                .map(each -> SendQuotas.Sending.of(each.access, each.recipients))
                .toList());
        var returned = database.once(tx -> tx.inOrder(delivery, slots));
        return IntStream.range(0, group.size())
                .mapToObj(i ->
                        new Taken(returned.first().get(i), returned.second().get(i)))
                .toList();
    }
}
