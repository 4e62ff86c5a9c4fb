package org.postern.accounts;

import java.util.function.Function;

/** What became of an administrator's wish: done, or refused with the reason; a refusal has changed nothing. */
public sealed interface Outcome<T> {
    record Done<T>(T value) implements Outcome<T> {}

    record Failed<T>(Problem problem) implements Outcome<T> {}

    static <T> Outcome<T> done(T value) {
        return new Done<>(value);
    }

    static <T> Outcome<T> failed(Problem problem) {
        return new Failed<>(problem);
    }

    default <U> Outcome<U> map(Function<? super T, ? extends U> change) {
        return switch (this) {
            case Done<T>(var value) -> new Done<>(change.apply(value));
            case Failed<T>(var problem) -> new Failed<>(problem);
        };
    }

    default <U> Outcome<U> then(Function<? super T, Outcome<U>> next) {
        return switch (this) {
            case Done<T>(var value) -> next.apply(value);
            case Failed<T>(var problem) -> new Failed<>(problem);
        };
    }
}
