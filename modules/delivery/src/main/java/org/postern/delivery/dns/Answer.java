package org.postern.delivery.dns;

import java.util.List;

/** What the DNS says. */
public sealed interface Answer<T> {
    /** @param values at least one */
    record Found<T>(List<T> values) implements Answer<T> {
        public Found {
            values = List.copyOf(values);
        }
    }

    /**
     * There is none.
     *
     * @param noSuchDomain nor anything else of that name
     */
    record None<T>(boolean noSuchDomain) implements Answer<T> {}

    /** It could not be asked. */
    record Unknown<T>(String why) implements Answer<T> {}
}
