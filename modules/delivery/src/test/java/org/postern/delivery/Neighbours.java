package org.postern.delivery;

import java.util.List;
import java.util.stream.Stream;
import org.postern.model.Address;
import org.postern.model.MailboxId;
import org.postern.testkit.OnScratch;

/** Ann, Bob and Eve at one node, and the hosts outside: what each test of mail that is passed on begins with. */
final class Neighbours implements AutoCloseable {
    final Post post;
    final Outside outside;
    final MailboxId ann;
    final MailboxId bob;
    final MailboxId eve;

    private Neighbours(Post post) {
        this.post = post;
        this.outside = new Outside(post);
        this.ann = post.mailbox("ann");
        this.bob = post.mailbox("bob");
        this.eve = post.mailbox("eve");
    }

    static OnScratch<Neighbours> forEachTest() {
        return OnScratch.forEachTest((database, spools) -> new Neighbours(Post.found(database, spools)))
                .withPoolSize(12);
    }

    /** @param names local parts of ours, or whole addresses */
    static List<Address> addresses(String... names) {
        return Stream.of(names)
                .map(name -> name.contains("@") ? Address.parse(name).orElseThrow() : Post.address(name))
                .toList();
    }

    /** Delivers and relays all that there is. */
    void run() {
        post.runner.start();
        outside.relay();
        outside.drained();
    }

    @Override
    public void close() {
        outside.close();
        post.check();
        post.close();
    }
}
