package org.postern.console;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HTTP for operators and orchestrators: {@code /metrics}, {@code /health/live}, {@code /health/ready}. */
public final class Console implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Console.class);

    private static final int BACKLOG = 64;
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int ERROR = 500;
    private static final int UNAVAILABLE = 503;
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
    private static final String JSON = "application/json";

    private final HttpServer server;
    private final ExecutorService threads;

    private Console(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /**
     * Opens the port and answers from now on, each request on a virtual thread.
     *
     * @param checks all must be well for {@code /health/ready}
     * @throws IOException when the port cannot be had; says which
     */
    public static Console open(InetSocketAddress bind, PrometheusMeterRegistry meters, List<HealthCheck> checks)
            throws IOException {
        HttpServer server;
        try {
            server = HttpServer.create(bind, BACKLOG);
        } catch (BindException e) {
            throw new IOException(
                    "console: port " + bind.getPort() + " of "
                            + bind.getAddress().getHostAddress() + ": " + e.getMessage(),
                    e);
        }
        var threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("console-", 0).factory());
        server.setExecutor(threads);
        var all = List.copyOf(checks);
        route(server, "/metrics", exchange -> answer(exchange, OK, PROMETHEUS, meters.scrape()));
        route(server, "/health/live", exchange -> answer(exchange, OK, JSON, "{\"status\":\"up\"}\n"));
        route(server, "/health/ready", exchange -> ready(exchange, all));
        server.createContext("/", guarded(exchange -> answer(exchange, NOT_FOUND, TEXT, "Not found\n")));
        server.start();
        return new Console(server, threads);
    }

    /** The port really bound. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static void route(HttpServer server, String path, HttpHandler handler) {
        server.createContext(path, guarded(exchange -> {
            var method = exchange.getRequestMethod();
            if (!exchange.getRequestURI().getPath().equals(path)) {
                answer(exchange, NOT_FOUND, TEXT, "Not found\n");
            } else if (!method.equals("GET") && !method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                answer(exchange, METHOD_NOT_ALLOWED, TEXT, "Only GET and HEAD\n");
            } else {
                handler.handle(exchange);
            }
        }));
    }

    /** A failing handler is a bug: it is logged once and answered, where no answer was begun, with 500. */
    private static HttpHandler guarded(HttpHandler handler) {
        return exchange -> {
            try (exchange) {
                handleOrApologise(handler, exchange);
            }
        };
    }

    private static void handleOrApologise(HttpHandler handler, HttpExchange exchange) throws IOException {
        try {
            handler.handle(exchange);
        } catch (RuntimeException e) {
            LOG.atError()
                    .addKeyValue("path", exchange.getRequestURI().getPath())
                    .setCause(e)
                    .log("console request failed");
            answer(exchange, ERROR, TEXT, "Internal error\n");
        }
    }

    private static void ready(HttpExchange exchange, List<HealthCheck> checks) throws IOException {
        var json = new StringBuilder("{\"checks\":{");
        boolean well = true;
        for (int i = 0; i < checks.size(); i++) {
            var problem = checks.get(i).problem().get();
            well &= problem.isEmpty();
            json.append(i == 0 ? "" : ",").append(quoted(checks.get(i).name())).append(':');
            json.append(quoted(problem.orElse("up")));
        }
        json.append("},\"status\":").append(well ? "\"up\"" : "\"down\"").append("}\n");
        answer(exchange, well ? OK : UNAVAILABLE, JSON, json.toString());
    }

    private static String quoted(String text) {
        var json = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                json.append('\\').append((char) c);
            } else {
                json.append(c < ' ' ? ' ' : (char) c);
            }
        });
        return json.append('"').toString();
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** For checks that only know yes or no. */
    public static Optional<String> problemUnless(boolean well, String text) {
        return well ? Optional.empty() : Optional.of(text);
    }
}
