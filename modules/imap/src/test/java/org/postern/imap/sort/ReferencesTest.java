package org.postern.imap.sort;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ReferencesTest {
    private static Node message(int index, long id, long... ancestors) {
        var keys = new MessageKeys(index, "", false, "", "", "", "", "", id, ancestors);
        return new Node(index, keys, index);
    }

    /** A chain of {@code links} messages, and one at its end that is answered already. */
    private static List<Node> threads(int links) {
        long last = links;
        var messages = new ArrayList<Node>();
        messages.add(message(0, 1_000_000, last + 1));
        for (int i = 1; i <= links; i++) {
            messages.add(i == 1 ? message(i, i) : message(i, i, i - 1L));
        }
        messages.add(message(links + 1, last + 1, last));
        return References.threads(messages);
    }

    @Test
    @DisplayName("bound: how deep a thread is looked through for a loop; what would come below is a thread of its own")
    void depth() {
        assertThat(threads(References.MAX_DEPTH)).hasSize(1);
        assertThat(threads(References.MAX_DEPTH + 1)).hasSize(2);
    }
}
