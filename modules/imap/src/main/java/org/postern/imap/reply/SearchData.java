package org.postern.imap.reply;

import java.util.List;
import org.postern.imap.command.Page;
import org.postern.model.Modseq;

/** One item of an ESEARCH response (RFC 4731 §4 {@code search-return-data}). */
public sealed interface SearchData {
    record Min(long number) implements SearchData {}

    record Max(long number) implements SearchData {}

    record Count(int count) implements SearchData {}

    /** Of all that was found, or of MIN and MAX where only those are told (RFC 7162 §3.1.10). */
    record HighestModseq(Modseq modseq) implements SearchData {}

    /** @param numbers at least one, in the order of the result */
    record All(List<Long> numbers) implements SearchData {
        public All {
            numbers = List.copyOf(numbers);
        }
    }

    /** @param scores 1 to 100, of the numbers told, in their order (RFC 6203 §4) */
    record Relevancy(List<Integer> scores) implements SearchData {
        public Relevancy {
            scores = List.copyOf(scores);
        }
    }

    /**
     * A run of results (RFC 5267 §4.3.3).
     *
     * @param position of the first of them, from 1 on; 0 where the result is in the order of the folder
     */
    record Run(int position, List<Long> numbers) {
        public Run {
            numbers = List.copyOf(numbers);
        }
    }

    /** @param runs inserted one after the other */
    record AddTo(List<Run> runs) implements SearchData {
        public AddTo {
            runs = List.copyOf(runs);
        }
    }

    /** @param runs removed one after the other */
    record RemoveFrom(List<Run> runs) implements SearchData {
        public RemoveFrom {
            runs = List.copyOf(runs);
        }
    }

    /** @param numbers in the order of the result; none is NIL (RFC 9394 §4) */
    record Partial(Page page, List<Long> numbers) implements SearchData {
        public Partial {
            numbers = List.copyOf(numbers);
        }
    }
}
