package org.postern.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class UidSetTest {
    @Test
    @DisplayName("ranges that touch or overlap become one")
    void merges() {
        assertThat(UidSet.of(3, 1, 2, 7, 3)).hasToString("1:3,7");
        assertThat(new UidSet.Builder().addRange(1, 4).addRange(3, 9).add(10).build())
                .hasToString("1:10");
    }

    @Test
    @DisplayName("RFC 9051 §2.3.1.1: a UID is 1 to 4,294,967,295")
    void bounds() {
        assertThat(UidSet.range(1, Uid.MAX).size()).isEqualTo(Uid.MAX);
        assertThatThrownBy(() -> UidSet.range(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> UidSet.range(1, Uid.MAX + 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new UidSet.Builder().add(5).add(4)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("contains, union, intersection, without and stream agree with a plain set of numbers")
    void agreesWithNaiveModel() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            var a = someUids(random);
            var b = someUids(random);
            var setA = UidSet.of(a.stream().mapToLong(Long::longValue).toArray());
            var setB = UidSet.of(b.stream().mapToLong(Long::longValue).toArray());
            var union = new TreeSet<>(a);
            union.addAll(b);
            var both = new TreeSet<>(a);
            both.retainAll(b);
            assertThat(setA.union(setB).stream().boxed()).as("seed %d", seed).containsExactlyElementsOf(union);
            assertThat(setA.intersection(setB).stream().boxed())
                    .as("seed %d", seed)
                    .containsExactlyElementsOf(both);
            var onlyA = new TreeSet<>(a);
            onlyA.removeAll(b);
            assertThat(setA.without(setB).stream().boxed()).as("seed %d", seed).containsExactlyElementsOf(onlyA);
            assertThat(setA.size()).isEqualTo(a.size());
            assertThat(LongStream.rangeClosed(1, 45).filter(setA::contains).boxed())
                    .as("seed %d", seed)
                    .containsExactlyElementsOf(a);
        }
    }

    private static SortedSet<Long> someUids(Random random) {
        var uids = new TreeSet<Long>();
        int count = random.nextInt(20);
        for (int i = 0; i < count; i++) {
            uids.add(1L + random.nextInt(40));
        }
        return uids;
    }
}
