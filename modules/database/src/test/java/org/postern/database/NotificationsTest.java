package org.postern.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class NotificationsTest {
    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    private static final String MISSED = "(missed)";

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private Database database;
    private Notifications notifications;

    @BeforeEach
    void open() {
        database = Database.attach(SERVER.newDatabase());
        notifications = database.listen();
    }

    @AfterEach
    void close() {
        notifications.close();
        database.close();
    }

    private NotificationHandler writingTo(BlockingQueue<String> queue) {
        return new NotificationHandler() {
            @Override
            public void notified(String payload) {
                queue.add(payload);
            }

            @Override
            public void missed() {
                queue.add(MISSED);
            }
        };
    }

    private void say(String channel, String what) {
        database.once(tx -> {
            tx.call("SELECT pg_notify(?, ?)", channel, what);
            return 1;
        });
    }

    private String next() throws InterruptedException {
        return heard.poll(60, TimeUnit.SECONDS);
    }

    @Test
    void hearsItsChannelOnly() throws Exception {
        notifications.on("cell1 \"mail\"", writingTo(heard));
        assertThat(next()).isEqualTo(MISSED);
        say("other", "no");
        say("cell1 \"mail\"", "one");
        say("cell1 \"mail\"", "two");
        assertThat(next()).isEqualTo("one");
        assertThat(next()).isEqualTo("two");
    }

    @Test
    void connectsAgainAndSaysThatItMissed() throws Exception {
        notifications.on("mail", writingTo(heard));
        assertThat(next()).isEqualTo(MISSED);
        killListener();
        assertThat(next()).isEqualTo(MISSED);
        say("mail", "after");
        assertThat(next()).isEqualTo("after");
        assertThat(notifications.isListening()).isTrue();
    }

    private void killListener() {
        boolean killed = database.once(tx -> tx.one("""
                SELECT bool_or(pg_terminate_backend(pid)) FROM pg_stat_activity
                 WHERE application_name = 'postern listen' AND datname = current_database()
                """, row -> row.bool(1)));
        assertThat(killed).isTrue();
    }

    @Test
    void aBrokenHandlerHarmsNobody() throws Exception {
        notifications.on("mail", new NotificationHandler() {
            @Override
            public void notified(String payload) {
                throw new IllegalStateException("on purpose");
            }

            @Override
            public void missed() {}
        });
        notifications.on("mail", writingTo(heard));
        assertThat(next()).isEqualTo(MISSED);
        say("mail", "still");
        assertThat(next()).isEqualTo("still");
    }

    @Test
    void closesAtOnce() {
        await().atMost(60, TimeUnit.SECONDS).until(notifications::isListening);
        long begun = System.nanoTime();
        notifications.close();
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun)).isLessThan(4_500);
        assertThat(notifications.isListening()).isFalse();
    }
}
