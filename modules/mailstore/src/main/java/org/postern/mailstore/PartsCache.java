package org.postern.mailstore;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.postern.model.ContentId;
import org.postern.model.MailboxId;

/**
 * Envelopes, structures, headers and previews that were read lately on this node: a folder that several apps, or one app several
 * times, ask for is read once. Never wrong, for a content never changes; bounded in bytes; one walk through a large folder does not
 * drive out what is asked for often (W-TinyLFU).
 */
final class PartsCache {
    private static final Set<ContentPart> KEPT =
            EnumSet.of(ContentPart.ENVELOPE, ContentPart.STRUCTURE, ContentPart.HEADER, ContentPart.PREVIEW);

    /** What an entry takes besides its bytes: key, node, array headers. */
    private static final int OVERHEAD = 200;

    private final Cache<Key, ParsedParts> cache;

    private record Key(long mailbox, long content) {}

    PartsCache(long maxBytes) {
        this.cache = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((Key key, ParsedParts parts) -> OVERHEAD + parts.bytes())
                .executor(Runnable::run)
                .build();
    }

    /** Whether all of these are kept here. */
    static boolean keeps(Set<ContentPart> parts) {
        return KEPT.containsAll(parts);
    }

    /** Empty unless all of {@code parts} are at hand. */
    Optional<ParsedParts> find(MailboxId mailbox, ContentId content, Set<ContentPart> parts) {
        var found = cache.getIfPresent(new Key(mailbox.value(), content.value()));
        return found != null && parts.stream().allMatch(found::has) ? Optional.of(found) : Optional.empty();
    }

    void keep(MailboxId mailbox, ContentId content, ParsedParts parts) {
        cache.asMap().merge(new Key(mailbox.value(), content.value()), parts, ParsedParts::and);
    }
}
