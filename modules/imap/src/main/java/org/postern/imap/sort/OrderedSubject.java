package org.postern.imap.sort;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;

/** THREAD=ORDEREDSUBJECT: one thread for each base subject, all others children of its oldest message (RFC 5256 §3). */
final class OrderedSubject {
    private OrderedSubject() {}

    static List<Node> threads(List<Node> messages) {
        var threads = new LinkedHashMap<String, Node>();
        var sorted = new ArrayList<>(messages);
        sorted.sort(Node.BY_SENT_DATE);
        for (var message : sorted) {
            var first = threads.putIfAbsent(message.keys().subject(), message);
            if (first != null) {
                message.moveTo(first);
            }
        }
        var roots = new ArrayList<>(threads.values());
        roots.sort(Comparator.comparingLong(Node::sent)); // Stable: they are in order already.
        return roots;
    }
}
