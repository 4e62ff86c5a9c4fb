package org.postern.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.accounts.LeaseSettings;
import org.postern.database.DatabaseSettings;
import org.postern.net.NetLimits;

/** Bounds of different rooms that only fit together here. */
class FencingBoundsTest {
    @Test
    @DisplayName("A fenced node's connections are closed before other nodes stop counting them")
    void closedBeforeUncounted() {
        // The fence looks four times in its margin.
        var latest = LeaseSettings.DEFAULT_FENCE_MARGIN.dividedBy(4).plus(NetLimits.DEFAULT.endGrace());
        assertThat(latest).isLessThan(LeaseSettings.DEFAULT_FENCE_MARGIN);
    }

    @Test
    @DisplayName("A session that waits for an away database hears so in time to tell its client")
    void toldBeforeClosed() {
        assertThat(DatabaseSettings.DEFAULT_CHECKOUT_TIMEOUT).isLessThan(NetLimits.DEFAULT.endGrace());
    }
}
