package org.postern.database;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.postgresql.copy.CopyIn;

/**
 * The rows of one {@link Tx#copy}, sent and stored while they are made (PostgreSQL's manual, COPY, "Binary Format"). A row is
 * {@link #row} and then its values, in the order of the columns.
 */
public final class CopyRows {
    /** What begins the rows: a signature, no flags, no extension. */
    private static final byte[] HEADER = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);

    private static final short NO_MORE_ROWS = -1;
    /** With what the protocol puts in front it fills the connection's buffer, and is one system call. */
    private static final int BUFFER_BYTES = Connections.SEND_BUFFER_BYTES - 16;

    private final CopyIn copy;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

    CopyRows(CopyIn copy) {
        this.copy = copy;
        buffer.put(HEADER);
    }

    /** @param values of the row that begins */
    public CopyRows row(int values) throws SQLException {
        room(Short.BYTES).putShort((short) values);
        return this;
    }

    public CopyRows int8(long value) throws SQLException {
        room(Integer.BYTES + Long.BYTES).putInt(Long.BYTES).putLong(value);
        return this;
    }

    public CopyRows int4(int value) throws SQLException {
        room(2 * Integer.BYTES).putInt(Integer.BYTES).putInt(value);
        return this;
    }

    /**
     * The stream's next bytes, so many.
     *
     * @throws EOFException when it has fewer
     */
    public CopyRows bytea(InputStream in, int length) throws SQLException, IOException {
        room(Integer.BYTES).putInt(length);
        for (int left = length; left > 0; ) {
            room(1);
            int count = in.read(buffer.array(), buffer.position(), Math.min(left, buffer.remaining()));
            if (count < 0) {
                throw new EOFException(left + " bytes are missing of " + length);
            }
            buffer.position(buffer.position() + count);
            left -= count;
        }
        return this;
    }

    void end() throws SQLException {
        room(Short.BYTES).putShort(NO_MORE_ROWS);
        send();
    }

    private ByteBuffer room(int bytes) throws SQLException {
        if (buffer.remaining() < bytes) {
            send();
        }
        return buffer;
    }

    private void send() throws SQLException {
        copy.writeToCopy(buffer.array(), 0, buffer.position());
        buffer.clear();
    }
}
