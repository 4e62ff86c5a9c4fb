package org.postern.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** The lines that a log search reads. */
final class JsonLinesTest {
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();
    private final Logger log = logger();

    private Logger logger() {
        var context = new LoggerContext();
        var logger = context.getLogger("org.postern.Test");
        logger.setLevel(Level.INFO);
        events.start();
        logger.addAppender(events);
        return logger;
    }

    @Test
    void keyValuePairsAreFieldsOfTheirOwn() {
        log.atInfo()
                .addKeyValue("event", "auth-failed")
                .addKeyValue("session", "k3j9")
                .addKeyValue("failures", 3)
                .addKeyValue("tls", true)
                .addKeyValue("message", "taken")
                .log("login refused for \"{}\"", "ann\r\n");
        assertThat(line())
                .startsWith("{\"at\":\"20")
                .contains("\"level\":\"INFO\",\"logger\":\"org.postern.Test\"")
                .endsWith("\"message\":\"login refused for \\\"ann\\r\\n\\\"\",\"event\":\"auth-failed\","
                        + "\"session\":\"k3j9\",\"failures\":3,\"tls\":true,\"message_\":\"taken\"}\n");
    }

    @Test
    void anExceptionIsOneField() {
        log.atError().setCause(new IllegalStateException("thrown by the test")).log("failed");
        assertThat(line()).containsOnlyOnce("\n").contains("\"error\":\"java.lang.IllegalStateException: thrown by");
    }

    private String line() {
        return new String(new JsonLines().encode(events.list.getLast()), StandardCharsets.UTF_8);
    }
}
