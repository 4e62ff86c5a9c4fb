package org.postern.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** One answer in its three forms. */
final class AnswerTest {
    private static final Map<String, Object> ANN = Answer.fields(
            "mailbox",
            "ann@example.org",
            "messages",
            3L,
            "paused",
            false,
            "until",
            Optional.empty(),
            "window",
            Duration.ofHours(1),
            "aliases",
            List.of("a", "b"),
            "since",
            Instant.parse("2026-11-21T10:00:00.5Z"));

    @Test
    void table() {
        var other = Answer.fields(
                "mailbox",
                "b@example.org",
                "messages",
                12L,
                "paused",
                true,
                "until",
                Optional.of("x"),
                "window",
                Duration.ofMinutes(90),
                "aliases",
                List.of(),
                "since",
                Instant.parse("2026-11-21T10:00:00Z"));
        assertThat(printed(out -> Answer.list(out, false, List.of(ANN, other)))).isEqualTo("""
                MAILBOX          MESSAGES  PAUSED  UNTIL  WINDOW  ALIASES  SINCE
                ann@example.org  3         no      -      1h      a,b      2026-11-21T10:00:00Z
                b@example.org    12        yes     x      90m     -        2026-11-21T10:00:00Z
                """);
    }

    @Test
    void lines() {
        assertThat(printed(out -> Answer.show(out, false, Answer.fields("plan", "pro", "quotas", List.of(ANN)))))
                .startsWith("plan:   pro\nquotas:\nMAILBOX  ");
    }

    @Test
    void json() {
        assertThat(printed(out -> Answer.list(out, true, List.of(ANN)))).isEqualTo("""
                [{"mailbox":"ann@example.org","messages":3,"paused":false,"until":null,"window":3600,\
                "aliases":["a","b"],"since":"2026-11-21T10:00:00.500Z"}]
                """);
        assertThat(printed(out -> Answer.list(out, true, List.of()))).isEqualTo("[]\n");
        assertThat(printed(out -> Answer.list(out, false, List.of()))).isEmpty();
    }

    private static String printed(Consumer<PrintWriter> printing) {
        var text = new StringWriter();
        var out = new PrintWriter(text);
        printing.accept(out);
        return text.toString().replace(System.lineSeparator(), "\n");
    }
}
