package org.postern.imap;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.postern.imap.grammar.CommandSource;
import org.postern.imap.reply.ResponseEncoder;
import org.postern.net.Connection;

/** A command's bytes as they come from the client. */
final class ConnectionSource implements CommandSource {
    private static final int CRLF = 2;

    private final Connection connection;
    private final ResponseEncoder encoder;

    ConnectionSource(Connection connection, ResponseEncoder encoder) {
        this.connection = connection;
        this.encoder = encoder;
    }

    /** A bare LF ends a line too: people type into openssl s_client. */
    @Override
    public byte[] line(int maxBytes) throws IOException {
        var line = connection.in().readLine(maxBytes + CRLF);
        int end = line.length - 1;
        if (end > 0 && line[end - 1] == '\r') {
            end--;
        }
        return Arrays.copyOf(line, end);
    }

    @Override
    public void transfer(long count, OutputStream to) throws IOException {
        connection.in().transfer(count, to);
    }

    @Override
    public void invite() throws IOException {
        encoder.continueReq("OK");
        connection.out().flush();
    }
}
