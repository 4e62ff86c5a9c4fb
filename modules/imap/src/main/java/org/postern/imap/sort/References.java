package org.postern.imap.sort;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** THREAD=REFERENCES: who answers whom, then what shares a subject (RFC 5256 §3, steps 1 to 6). */
final class References {
    /** How far up a thread is looked for a loop; a link below that is not made. */
    static final int MAX_DEPTH = 10_000;

    private final List<Node> all = new ArrayList<>();
    private final Map<Long, Node> byId = new HashMap<>();

    private References(List<Node> messages) {
        all.addAll(messages);
    }

    static List<Node> threads(List<Node> messages) {
        var references = new References(messages);
        references.link();
        var roots = pruned(references.all);
        roots.forEach(References::sortChildren);
        roots.sort(Node.BY_SENT_DATE);
        var merged = merged(roots);
        inOrder(merged).reversed().forEach(References::sortChildren);
        merged.sort(Node.BY_SENT_DATE);
        return merged;
    }

    // ---- Step 1

    private void link() {
        var messages = List.copyOf(all);
        for (var message : messages) {
            if (message.keys().id() != MessageKeys.NO_ID) {
                byId.putIfAbsent(message.keys().id(), message); // A second one of that id is a message without id.
            }
        }
        for (var message : messages) {
            Node last = null;
            for (var id : message.keys().ancestors()) {
                var ancestor = byId.computeIfAbsent(id, this::dummy);
                if (last != null && ancestor.parent() == null && !closesLoop(last, ancestor)) {
                    ancestor.moveTo(last);
                }
                last = ancestor;
            }
            reparent(message, last);
        }
    }

    private Node dummy(long id) {
        var dummy = Node.dummy();
        all.add(dummy);
        return dummy;
    }

    /** Its own header is the best witness of whom a message answers: what others said of that is undone. */
    private static void reparent(Node message, @Nullable Node parent) {
        if (message.parent() != parent) {
            message.moveTo(null);
            if (parent != null && !closesLoop(parent, message)) {
                message.moveTo(parent);
            }
        }
    }

    /** Whether {@code child} is {@code parent}, or above it. */
    private static boolean closesLoop(Node parent, Node child) {
        if (child.children().isEmpty()) {
            return parent == child;
        }
        int depth = 0;
        for (Node above = parent; above != null; above = above.parent()) {
            if (above == child || ++depth > MAX_DEPTH) {
                return true;
            }
        }
        return false;
    }

    // ---- Steps 2 and 3

    /** The roots, without dummies that hold nothing together. */
    private static List<Node> pruned(List<Node> all) {
        var roots = all.stream().filter(node -> node.parent() == null).toList();
        for (var node : inOrder(roots).reversed()) {
            if (node.children().stream().anyMatch(Node::isDummy)) {
                var kept = new ArrayList<Node>();
                for (var child : node.children()) {
                    if (child.isDummy()) {
                        kept.addAll(child.children());
                    } else {
                        kept.add(child);
                    }
                }
                node.adopt(kept);
            }
        }
        var kept = new ArrayList<Node>();
        for (var root : roots) {
            if (root.isDummy() && root.children().size() < 2) {
                for (var only : List.copyOf(root.children())) {
                    only.moveTo(null);
                    kept.add(only);
                }
            } else {
                kept.add(root);
            }
        }
        return kept;
    }

    /** All nodes below, every parent before its children. */
    private static List<Node> inOrder(List<Node> roots) {
        var order = new ArrayList<>(roots);
        for (int i = 0; i < order.size(); i++) {
            order.addAll(order.get(i).children());
        }
        return order;
    }

    // ---- Steps 4 and 6

    private static void sortChildren(Node node) {
        node.children().sort(Node.BY_SENT_DATE);
    }

    // ---- Step 5

    private static List<Node> merged(List<Node> roots) {
        var bySubject = new HashMap<String, Node>();
        for (var root : roots) {
            if (!root.subject().isEmpty()) {
                bySubject.merge(root.subject(), root, (held, other) -> leads(other, held) ? other : held);
            }
        }
        var merged = new ArrayList<Node>();
        for (var root : roots) {
            var subject = root.subject();
            var held = bySubject.get(subject);
            if (held != null && held != root) {
                bySubject.put(subject, joined(held, root));
            }
        }
        for (var root : roots) {
            var top = topOf(root);
            boolean emptied = root.isDummy() && root.children().isEmpty();
            boolean isFirst =
                    top.isDummy() && !top.children().isEmpty() && top.children().getFirst() == root;
            if (!emptied && (top == root || isFirst)) {
                merged.add(top);
            }
        }
        return merged;
    }

    /** Step 5.B: whether a root stands for a subject rather than the one that did so far. */
    private static boolean leads(Node root, Node held) {
        return !held.isDummy() && (root.isDummy() || (held.isReplyOrForward() && !root.isReplyOrForward()));
    }

    /** Step 5.C. */
    private static Node joined(Node held, Node root) {
        if (held.isDummy() && root.isDummy()) {
            var both = new ArrayList<>(held.children());
            both.addAll(root.children());
            held.adopt(both);
            root.adopt(List.of());
            return held;
        }
        if (held.isDummy() || (root.isReplyOrForward() && !held.isReplyOrForward())) {
            root.moveTo(held);
            return held;
        }
        var dummy = Node.dummy();
        held.moveTo(dummy);
        root.moveTo(dummy);
        return dummy;
    }

    private static Node topOf(Node node) {
        var top = node;
        while (top.parent() != null) {
            top = top.parent();
        }
        return top;
    }
}
