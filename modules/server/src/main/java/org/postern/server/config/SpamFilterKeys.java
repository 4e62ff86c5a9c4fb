package org.postern.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.postern.delivery.inbound.SpamSettings;

/** The spam filter; without a URL nobody is asked. */
public record SpamFilterKeys(
        Optional<String> url,
        Optional<Path> passwordFile,
        @Default("8s") @Bounds(min = "100ms", max = "1m") Duration timeout,
        @Default("20MB") @Bounds(min = "1KB", max = "1GB") ByteSize maxSize,
        @Default("accept") SpamSettings.Unreachable unreachable,
        @Default("junk") SpamSettings.Probable probable,
        @Default("refuse") SpamSettings.Certain certain,
        @Default("false") boolean lmtp) {}
