package org.postern.server.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.postern.server.config.PosternConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets logback up: warnings to standard error until the config is read, then as it says to standard output. */
public final class Logging extends ContextAwareBase implements Configurator {
    private static final String FOR_PEOPLE =
            "%d{HH:mm:ss.SSS} %-5level %-24logger{24} %msg%replace( %kvp{NONE}){'^ $', ''}%n%ex";

    /** Logback makes one of its own before the first line is logged. */
    public Logging() {}

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        install(context, forPeople(context), "System.err", Level.WARN);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** From now on as the config says. */
    public static void start(PosternConfig.Log config) {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        Encoder<ILoggingEvent> encoder = switch (config.format()) {
            case JSON -> new JsonLines();
            case TEXT -> forPeople(context);
        };
        install(context, encoder, "System.out", Level.valueOf(config.level().name()));
        // Says at every start, at length, what it is; a failed migration is an exception of our own.
        context.getLogger("org.flywaydb").setLevel(Level.WARN);
        context.getLogger("com.zaxxer.hikari").setLevel(Level.WARN);
        config.levels().forEach((logger, level) -> context.getLogger(logger).setLevel(Level.valueOf(level.name())));
    }

    private static PatternLayoutEncoder forPeople(LoggerContext context) {
        var encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(FOR_PEOPLE);
        encoder.start();
        return encoder;
    }

    private static void install(LoggerContext context, Encoder<ILoggingEvent> encoder, String target, Level level) {
        encoder.setContext(context);
        encoder.start();
        var appender = new ConsoleAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setName("console");
        appender.setTarget(target);
        appender.setEncoder(encoder);
        appender.start();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(level);
        root.addAppender(appender);
    }
}
