package org.postern.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Group commit")
final class GroupCommitTest {
    private static final int UNDER_WAY = GroupCommit.MAX_UNDER_WAY;
    private static final String HOLDER = "holder";

    private final CountDownLatch release = new CountDownLatch(1);
    private final CountDownLatch holding = new CountDownLatch(UNDER_WAY);
    private final ConcurrentLinkedQueue<List<Item>> groups = new ConcurrentLinkedQueue<>();

    private Function<List<Item>, List<Optional<String>>> together =
            group -> group.stream().map(one -> Optional.of(one.name)).toList();

    private final GroupCommit<Item, String> commits = new GroupCommit<>(new GroupCommit.Storing<>() {
        @Override
        public String alone(Item work) {
            if (work.name.startsWith(HOLDER)) {
                holding.countDown();
                await(release);
            }
            return work.name + " alone";
        }

        @Override
        public List<Optional<String>> together(List<Item> group) {
            groups.add(group);
            return together.apply(group);
        }
    });

    private record Item(String name, long bytes, Set<String> locks) implements GroupCommit.Work {
        Item(String name) {
            this(name, 1, Set.of(name));
        }
    }

    @AfterEach
    void release() {
        release.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<CompletableFuture<String>> start(List<Item> items) {
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        var all = items.stream()
                .map(item -> CompletableFuture.supplyAsync(() -> commits.store(item), threads))
                .toList();
        threads.shutdown();
        return all;
    }

    private static List<Item> items(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> new Item(prefix + i)).toList();
    }

    /** As many as may be under way, until the test ends. */
    private List<CompletableFuture<String>> occupied() {
        var holders = start(items(HOLDER, UNDER_WAY));
        await(holding);
        return holders;
    }

    private static void assertEachWithItsOwn(List<Item> items, List<CompletableFuture<String>> answers) {
        for (int i = 0; i < items.size(); i++) {
            assertThat(answers.get(i).join()).startsWith(items.get(i).name);
        }
    }

    private static long failures(List<CompletableFuture<String>> answers, Class<? extends Exception> kind) {
        return answers.stream()
                .map(one -> one.handle((answer, failure) -> failure == null ? answer : failure.getCause())
                        .join())
                .filter(kind::isInstance)
                .count();
    }

    @Test
    @DisplayName("what comes alone goes alone")
    void alone() {
        assertThat(commits.store(new Item("one"))).isEqualTo("one alone");
        assertThat(groups).isEmpty();
    }

    @Test
    @DisplayName("what comes meanwhile goes together, at most MAX_GROUP, however long the others take")
    void together() {
        var holders = occupied();
        var items = items("item", 3 * GroupCommit.MAX_GROUP);
        assertEachWithItsOwn(items, start(items));
        assertThat(holders).noneMatch(CompletableFuture::isDone);
        assertThat(groups).isNotEmpty().allSatisfy(group -> assertThat(group).hasSizeBetween(2, GroupCommit.MAX_GROUP));
    }

    @Test
    @DisplayName("those that somebody else holds up are waited for once, and not by everybody")
    void stuck() {
        var holders = occupied();
        assertThat(commits.store(new Item("first"))).isEqualTo("first alone");
        // Were they counted still, each of these would wait for 20 ms.
        assertTimeout(
                Duration.ofSeconds(1),
                () -> IntStream.range(0, 100)
                        .forEach(i ->
                                assertThat(commits.store(new Item("item" + i))).isEqualTo("item" + i + " alone")));
        assertThat(holders).noneMatch(CompletableFuture::isDone);
    }

    @Test
    @DisplayName("of MAX_GROUP_BYTES at most; what is larger goes alone")
    void bytes() {
        occupied();
        var items = IntStream.range(0, 12)
                .mapToObj(i -> new Item("item" + i, GroupCommit.MAX_GROUP_BYTES / (i == 5 ? 1 : 3), Set.of("item" + i)))
                .toList();
        assertEachWithItsOwn(items, start(items));
        assertThat(groups)
                .allSatisfy(group -> assertThat(
                                group.stream().mapToLong(Item::bytes).sum())
                        .isLessThanOrEqualTo(GroupCommit.MAX_GROUP_BYTES));
    }

    @Test
    @DisplayName("two that lock the same go one after the other, or with one commit; neither waits for good")
    void sameLock() {
        var first = start(List.of(new Item(HOLDER, 1, Set.of("shared"))));
        var others = IntStream.range(0, 8)
                .mapToObj(i -> new Item("item" + i, 1, Set.of("shared", "item" + i)))
                .toList();
        assertEachWithItsOwn(others, start(others));
        assertThat(first).noneMatch(CompletableFuture::isDone);
    }

    @Test
    @DisplayName("what none of a group can have together each tries by itself")
    void undone() {
        together = group -> {
            throw new Undone("not now", new IllegalStateException());
        };
        occupied();
        assertThat(start(items("item", 8)))
                .allSatisfy(one -> assertThat(one.join()).endsWith(" alone"));
        assertThat(groups).isNotEmpty();
    }

    @Test
    @DisplayName("what one of a group cannot have it tries by itself, the others have theirs")
    void oneByItself() {
        together = group -> group.stream()
                .map(one -> Optional.of(one.name).filter(name -> !name.equals("item3")))
                .toList();
        occupied();
        var answers =
                start(items("item", 8)).stream().map(CompletableFuture::join).toList();
        assertThat(answers.get(3)).isEqualTo("item3 alone");
        assertThat(answers).filteredOn(answer -> answer.endsWith(" alone")).hasSizeLessThan(8);
    }

    @Test
    @DisplayName("a lost database is lost to all of the group: nobody tries again what may be stored")
    void lost() {
        together = group -> {
            throw new DatabaseUnavailable("gone", new IllegalStateException(), true);
        };
        occupied();
        var answers = start(items("item", 8));
        assertThat(failures(answers, DatabaseUnavailable.class))
                .isEqualTo(groups.stream().mapToLong(List::size).sum());
    }

    @Test
    @DisplayName("a bug meets the first of a group; the others go by themselves, and what comes later goes on")
    void bug() {
        together = group -> {
            throw new IllegalStateException("a bug");
        };
        var holders = occupied();
        var answers = start(items("item", 8));
        assertThat(failures(answers, IllegalStateException.class)).isEqualTo(groups.size());
        release.countDown();
        holders.forEach(CompletableFuture::join);
        assertThat(commits.store(new Item("one"))).isEqualTo("one alone");
    }
}
