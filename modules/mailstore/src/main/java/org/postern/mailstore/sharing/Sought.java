package org.postern.mailstore.sharing;

/** What a look for a folder came to, by the rights of whoever looks. */
public sealed interface Sought<T> {
    record Found<T>(T found) implements Sought<T> {}

    /** It is there, and the viewer may know that, but not do what it wants. */
    record Forbidden<T>() implements Sought<T> {}

    /** It is not there, or the viewer may not even know that it is (RFC 4314 §6). */
    record Missing<T>() implements Sought<T> {}
}
