package org.postern.imap.sort;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.IntToLongFunction;
import java.util.stream.LongStream;
import org.postern.imap.reply.Untagged;

/** The threads of some messages, in the order in which they are told. */
public final class Threads {
    private final List<Node> roots;

    Threads(List<Node> roots) {
        this.roots = roots;
    }

    /**
     * {@code "(" (thread-members / thread-nested) ")"} of each (RFC 5256 §5), without recursion: a thread may be as deep as a
     * folder is large.
     *
     * @param number of the message at an index
     */
    public Untagged.Threads response(IntToLongFunction number) {
        var tokens = LongStream.builder();
        var open = new ArrayDeque<Object>();
        roots.reversed().forEach(open::push);
        while (!open.isEmpty()) {
            if (!(open.pop() instanceof Node node)) {
                tokens.add(Untagged.Threads.CLOSE);
                continue;
            }
            tokens.add(Untagged.Threads.OPEN);
            open.push(Untagged.Threads.CLOSE);
            while (true) {
                if (!node.isDummy()) {
                    tokens.add(number.applyAsLong(node.index));
                }
                if (node.children().size() != 1) {
                    break;
                }
                node = node.children().getFirst();
            }
            node.children().reversed().forEach(open::push);
        }
        return new Untagged.Threads(tokens.build().toArray());
    }
}
