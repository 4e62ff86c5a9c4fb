package org.postern.server.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * One JSON object a line: {@code at, level, logger, thread, message}, then each key-value pair as a field of its own, then
 * {@code error} with the stack.
 *
 * <p>Not logback's JsonEncoder, which hides the pairs in a list where no log search finds them by name.
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {
    private static final Set<String> TAKEN = Set.of("at", "level", "logger", "thread", "message", "error");
    private static final byte[] NOTHING = {};

    private final JsonFactory json = new JsonFactory();

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        var line = new StringWriter();
        try (var out = json.createGenerator(ObjectWriteContext.empty(), line)) {
            out.writeStartObject();
            out.writeStringProperty("at", event.getInstant().toString());
            out.writeStringProperty("level", event.getLevel().toString());
            out.writeStringProperty("logger", event.getLoggerName());
            out.writeStringProperty("thread", event.getThreadName());
            out.writeStringProperty("message", event.getFormattedMessage());
            pairs(event, out);
            if (event.getThrowableProxy() != null) {
                out.writeStringProperty("error", ThrowableProxyUtil.asString(event.getThrowableProxy()));
            }
            out.writeEndObject();
        }
        return line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void pairs(ILoggingEvent event, JsonGenerator out) {
        var pairs = event.getKeyValuePairs();
        if (pairs == null) {
            return;
        }
        for (var pair : pairs) {
            out.writeName(TAKEN.contains(pair.key) ? pair.key + '_' : pair.key);
            switch (pair.value) {
                case null -> out.writeNull();
                case Integer number -> out.writeNumber(number);
                case Long number -> out.writeNumber(number);
                case Double number -> out.writeNumber(number);
                case Boolean truth -> out.writeBoolean(truth);
                default -> out.writeString(pair.value.toString());
            }
        }
    }
}
