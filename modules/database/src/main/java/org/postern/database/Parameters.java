package org.postern.database;

import java.net.InetAddress;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.postgresql.PGConnection;

/** Binds the parameters of a {@link Tx} statement by their Java types. */
final class Parameters {
    private Parameters() {}

    static void bind(PreparedStatement statement, Object... params) throws SQLException {
        for (int i = 0; i < params.length; i++) {
            bind(statement, i + 1, params[i]);
        }
    }

    private static void bind(PreparedStatement to, int at, Object value) throws SQLException {
        switch (value) {
            case Long number -> to.setLong(at, number);
            case Integer number -> to.setInt(at, number);
            case String text -> to.setString(at, text);
            case byte[] bytes -> to.setBytes(at, bytes);
            case Boolean bool -> to.setBoolean(at, bool);
            case Instant instant -> to.setObject(at, instant.atOffset(ZoneOffset.UTC));
            case Optional<?> optional -> bindOptional(to, at, optional);
            case OptionalLong number when number.isPresent() -> to.setLong(at, number.getAsLong());
            case OptionalInt number when number.isPresent() -> to.setInt(at, number.getAsInt());
            case OptionalLong _, OptionalInt _ -> to.setNull(at, Types.NULL);
            case ByteStream stream -> to.setBinaryStream(at, stream.in(), stream.length());
            case UUID uuid -> to.setObject(at, uuid);
            // Types.OTHER sends text of unspecified type, which PostgreSQL reads as what the place asks for; the
            // driver's own object for such types would look its OID up first, a round trip.
            case InetAddress address -> to.setObject(at, withoutZone(address), Types.OTHER);
            case Multirange uids -> to.setObject(at, uids.text(), Types.OTHER);
            case Short number -> to.setShort(at, number);
            case Double number -> to.setDouble(at, number);
            case long[] values -> bindArray(to, at, "int8", values);
            case int[] values -> bindArray(to, at, "int4", values);
            case boolean[] values -> bindArray(to, at, "bool", values);
            case String[] values -> bindArray(to, at, "text", values);
            case byte[][] values -> bindArray(to, at, "bytea", values);
            case UUID[] values -> bindArray(to, at, "uuid", values);
            case Instant[] values -> bindArray(to, at, "timestamptz", texts(values));
            case Array array -> to.setArray(at, array);
            // Object is not a type of ours: no compiler can list what callers may pass.
            default ->
                throw new IllegalArgumentException("no SQL type for parameter " + at + ": "
                        + value.getClass().getName());
        }
    }

    private static void bindOptional(PreparedStatement to, int at, Optional<?> optional) throws SQLException {
        if (optional.isPresent()) {
            bind(to, at, optional.get());
        } else {
            to.setNull(at, Types.NULL);
        }
    }

    private static void bindArray(PreparedStatement to, int at, String type, Object values) throws SQLException {
        to.setArray(at, to.getConnection().unwrap(PGConnection.class).createArrayOf(type, values));
    }

    private static String[] texts(Instant[] instants) {
        var texts = new String[instants.length];
        for (int i = 0; i < instants.length; i++) {
            texts[i] = instants[i].toString();
        }
        return texts;
    }

    private static String withoutZone(InetAddress address) {
        var text = address.getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }
}
