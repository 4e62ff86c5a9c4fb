package org.postern.mailstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.model.ContentId;
import org.postern.model.MailboxId;

class PartsCacheTest {
    private static final MailboxId ANN = new MailboxId(1);
    private static final Set<ContentPart> ENVELOPE = EnumSet.of(ContentPart.ENVELOPE);

    private static ParsedParts envelope(int bytes) {
        return ParsedParts.of(Optional.empty(), Optional.of(new byte[bytes]), Optional.empty(), Optional.empty());
    }

    private static ParsedParts header(int bytes) {
        return ParsedParts.of(Optional.of(new byte[bytes]), Optional.empty(), Optional.empty(), Optional.empty());
    }

    @Test
    @DisplayName("what is read of a content at different times is found together")
    void merges() {
        var cache = new PartsCache(10_000);
        cache.keep(ANN, new ContentId(7), envelope(10));
        var both = EnumSet.of(ContentPart.ENVELOPE, ContentPart.HEADER);
        assertThat(cache.find(ANN, new ContentId(7), both)).isEmpty();
        cache.keep(ANN, new ContentId(7), header(20));
        assertThat(cache.find(ANN, new ContentId(7), both)).isPresent();
        assertThat(cache.find(ANN, new ContentId(8), ENVELOPE)).isEmpty();
        assertThat(cache.find(new MailboxId(2), new ContentId(7), ENVELOPE)).isEmpty();
    }

    @Test
    @DisplayName("no more is kept than the bound, and what is larger than it not at all")
    void bounded() {
        var cache = new PartsCache(100_000);
        for (int i = 1; i <= 1_000; i++) {
            cache.keep(ANN, new ContentId(i), envelope(800));
        }
        long kept = 0;
        for (int i = 1; i <= 1_000; i++) {
            kept += cache.find(ANN, new ContentId(i), ENVELOPE).isPresent() ? 1 : 0;
        }
        assertThat(kept).isBetween(1L, 100L);
        cache.keep(ANN, new ContentId(5_000), envelope(200_000));
        assertThat(cache.find(ANN, new ContentId(5_000), ENVELOPE)).isEmpty();
    }

    @Test
    void noneAtAll() {
        var cache = new PartsCache(0);
        cache.keep(ANN, new ContentId(1), envelope(1));
        assertThat(cache.find(ANN, new ContentId(1), ENVELOPE)).isEmpty();
    }
}
