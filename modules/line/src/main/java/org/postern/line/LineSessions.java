package org.postern.line;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Function;
import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.api.handler.ConnectHandler;
import org.apache.james.protocols.api.handler.DisconnectHandler;
import org.apache.james.protocols.api.handler.LineHandler;
import org.apache.james.protocols.api.handler.ProtocolHandler;
import org.apache.james.protocols.api.handler.ProtocolHandlerChainImpl;
import org.apache.james.protocols.api.handler.WiringException;
import org.jspecify.annotations.Nullable;
import org.postern.net.Connection;
import org.postern.net.LineTooLong;
import org.postern.net.SessionFactory;

/**
 * Runs connections through one chain of James handlers: greeting, one command after the other, farewell.
 *
 * <p>{@link ConnectHandler}s greet, {@link org.apache.james.protocols.api.handler.CommandHandler}s answer,
 * {@link org.apache.james.protocols.api.handler.ProtocolHandlerResultHandler}s measure, {@link DisconnectHandler}s free what a
 * session held, however it ended.
 *
 * @param <S> the protocol's session
 */
public final class LineSessions<S extends LineSession> implements SessionFactory {
    /** In a flight of commands, how often a drain or a revoked token is looked for. */
    private static final int FLIGHT = 64;

    private final Function<LineTransport, S> newSession;
    private final LineLimits limits;
    private final CommandTable<S> commands = new CommandTable<>();
    private final List<ConnectHandler<S>> connectHandlers;
    private final List<DisconnectHandler<S>> disconnectHandlers;

    /** @throws IllegalArgumentException when the handlers do not fit together */
    public LineSessions(
            Function<LineTransport, S> newSession, List<? extends ProtocolHandler> handlers, LineLimits limits) {
        this.newSession = newSession;
        this.limits = limits;
        var chain = new ProtocolHandlerChainImpl();
        chain.add(commands);
        chain.addAll(handlers);
        try {
            chain.wireExtensibleHandlers();
        } catch (WiringException e) {
            throw new IllegalArgumentException("the handlers do not fit together", e);
        }
        this.connectHandlers = ofType(chain, ConnectHandler.class);
        this.disconnectHandlers = ofType(chain, DisconnectHandler.class);
    }

    /** The handlers' type parameter is the session's by the constructor's contract; James' chain does not carry it. */
    @SuppressWarnings("unchecked")
    private static <T> List<T> ofType(ProtocolHandlerChainImpl chain, Class<?> type) {
        return (List<T>) List.copyOf(chain.getHandlers(type));
    }

    @Override
    public void run(Connection connection) throws IOException {
        var transport = new LineTransport(connection);
        var session = newSession.apply(transport);
        try {
            greet(session, transport);
            converse(session, transport);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            sayFarewell(session);
        }
    }

    private void greet(S session, LineTransport transport) {
        for (var handler : connectHandlers) {
            answer(handler.onConnect(session), session, transport);
        }
    }

    private void sayFarewell(S session) {
        for (var handler : disconnectHandlers) {
            try {
                handler.onDisconnect(session);
            } catch (RuntimeException e) {
                session.failed(e); // Logs it: one handler's failure must not keep what the next one would free.
            }
        }
    }

    private void converse(S session, LineTransport transport) throws IOException {
        int bad = 0;
        for (int taken = 0; !transport.isEnding(); taken++) {
            if (bad >= limits.badCommands()
                    || taken >= limits.commands()
                    || (taken >= limits.commandsBeforeLogin() && !session.isLoggedIn())) {
                answer(session.newTooManyCommandsResponse(), session, transport);
                return;
            }
            // Between two commands of one flight nothing is flushed, so that their replies leave together.
            if (taken % FLIGHT == 0 || !transport.connection().in().hasBufferedBytes()) {
                transport.awaitBytes(session.isLoggedIn() ? limits.idle() : limits.idleBeforeLogin());
            }
            var response = replyToNextLine(session, transport);
            if (response != null) {
                answer(response, session, transport);
                bad += session.isRefusal(response) ? 1 : 0;
            }
        }
    }

    private @Nullable Response replyToNextLine(S session, LineTransport transport) throws IOException {
        byte[] line;
        try {
            line = transport.connection().in().readLine(limits.commandLine());
        } catch (LineTooLong e) {
            return skipRest(session, transport);
        }
        try {
            var handler = transport.lineHandler();
            return handler.isPresent()
                    ? LineSessions.<S>typed(handler.get()).onLine(session, line)
                    : commands.onLine(session, line);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (RuntimeException e) {
            return session.failed(e);
        }
    }

    private Response skipRest(S session, LineTransport transport) throws IOException {
        try {
            transport.connection().in().skipLine(limits.skippedLine());
            return session.newBadLineResponse(BadLine.TOO_LONG);
        } catch (LineTooLong endless) {
            return session.newTooManyCommandsResponse();
        }
    }

    /** A pushed handler is of the session that it was pushed for. */
    @SuppressWarnings("unchecked")
    private static <S extends LineSession> LineHandler<S> typed(LineHandler<?> handler) {
        return (LineHandler<S>) handler;
    }

    private void answer(@Nullable Response response, S session, LineTransport transport) {
        if (response != null) {
            transport.writeResponse(response, session);
        }
    }
}
