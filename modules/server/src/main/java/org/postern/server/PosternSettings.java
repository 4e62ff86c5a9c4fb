package org.postern.server;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.InstantSource;
import org.postern.server.config.PosternConfig;

/**
 * What one node is started with.
 *
 * @param data the folder of everything that it keeps
 * @param portOffset added to every port but 0
 */
public record PosternSettings(
        PosternConfig config, Path data, int portOffset, InstantSource clock, SecureRandom random) {
    private static final int MAX_PORT = 65_535;

    /** @throws IllegalArgumentException when a port would leave its range */
    public PosternSettings {
        if (portOffset < 0) {
            throw new IllegalArgumentException("the port offset is 0 or more: " + portOffset);
        }
        config.listeners().forEach((name, port) -> {
            if (port.enabled() && offset(port.port(), portOffset) > MAX_PORT) {
                throw new IllegalArgumentException(
                        "port offset " + portOffset + " takes " + name + " beyond port " + MAX_PORT);
            }
        });
        if (config.console().enabled() && offset(config.console().port(), portOffset) > MAX_PORT) {
            throw new IllegalArgumentException(
                    "port offset " + portOffset + " takes the console beyond port " + MAX_PORT);
        }
    }

    public static PosternSettings of(PosternConfig config, Path data, int portOffset) {
        return new PosternSettings(config, data, portOffset, Clock.systemUTC(), new SecureRandom());
    }

    /** The port to bind for a configured one; 0 stays 0, which takes a free one. */
    int portFor(int configured) {
        return offset(configured, portOffset);
    }

    private static int offset(int port, int by) {
        return port == 0 ? 0 : port + by;
    }
}
