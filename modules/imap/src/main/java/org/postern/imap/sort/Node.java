package org.postern.imap.sort;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A message in a thread, or a dummy: one that answers name and nobody has, or that holds together what only a subject joins. */
final class Node {
    /** RFC 5256 §3: by sent date, of equal ones by number; a dummy is sorted as its first child. */
    static final Comparator<Node> BY_SENT_DATE =
            Comparator.comparingLong(Node::sent).thenComparingInt(Node::place);

    private static final int DUMMY = -1;

    /** Of the told snapshot; −1 of a dummy. */
    final int index;

    private final @Nullable MessageKeys keys;
    private final long sent;
    private @Nullable Node parent;
    private List<Node> children = new ArrayList<>(0);

    Node(int index, MessageKeys keys, long sent) {
        this.index = index;
        this.keys = keys;
        this.sent = sent;
    }

    private Node() {
        this.index = DUMMY;
        this.keys = null;
        this.sent = 0;
    }

    static Node dummy() {
        return new Node();
    }

    boolean isDummy() {
        return keys == null;
    }

    MessageKeys keys() {
        if (keys == null) {
            throw new IllegalStateException("a dummy has no keys");
        }
        return keys;
    }

    /** The message that stands for it: itself, or a dummy's first child, which is no dummy once the tree is pruned. */
    private Node standIn() {
        return isDummy() ? children.getFirst() : this;
    }

    long sent() {
        return standIn().sent;
    }

    private int place() {
        return standIn().index;
    }

    String subject() {
        return standIn().keys().subject();
    }

    boolean isReplyOrForward() {
        return standIn().keys().isReplyOrForward();
    }

    @Nullable
    Node parent() {
        return parent;
    }

    List<Node> children() {
        return children;
    }

    /** Makes it a child of another, or of none. */
    void moveTo(@Nullable Node other) {
        if (parent != null) {
            parent.children.remove(this);
        }
        parent = other;
        if (other != null) {
            other.children.add(this);
        }
    }

    /** Takes other children; theirs it is from now on. */
    void adopt(List<Node> others) {
        children = new ArrayList<>(others);
        children.forEach(child -> child.parent = this);
    }
}
