package org.postern.console.owner;

import java.time.Duration;

/**
 * Every bound of a request; how long it may take is bounded by {@link org.postern.net.NetLimits}.
 *
 * @param line bytes of the request line and of each field line, with its line end
 * @param fields of the header
 * @param body bytes
 * @param request how long a client may wait before it begins one
 */
public record HttpLimits(int line, int fields, int body, Duration request) {
    public static final HttpLimits DEFAULT = new HttpLimits(8192, 100, 8192, Duration.ofSeconds(20));
}
