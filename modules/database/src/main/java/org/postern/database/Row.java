package org.postern.database;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postern.model.Modseq;
import org.postern.model.Uid;
import org.postern.model.UidSet;
import org.postern.model.UidValidity;

/**
 * The current row of a result, with typed getters by column name and by index from 1.
 *
 * <p>A getter that is not {@code optional…} throws {@link DatabaseFailure} on SQL NULL: whoever expects none has a bug.
 * Valid only inside the reader or consumer it was handed to.
 */
public final class Row {
    private final ResultSet rows;

    Row(ResultSet rows) {
        this.rows = rows;
    }

    public boolean isNull(String column) throws SQLException {
        return isNull(index(column));
    }

    public boolean isNull(int column) throws SQLException {
        return rows.getObject(column) == null;
    }

    public long longValue(String column) throws SQLException {
        return longValue(index(column));
    }

    public long longValue(int column) throws SQLException {
        long value = rows.getLong(column);
        present(column);
        return value;
    }

    public OptionalLong optionalLong(String column) throws SQLException {
        return optionalLong(index(column));
    }

    public OptionalLong optionalLong(int column) throws SQLException {
        long value = rows.getLong(column);
        return rows.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }

    public int intValue(String column) throws SQLException {
        return intValue(index(column));
    }

    public int intValue(int column) throws SQLException {
        int value = rows.getInt(column);
        present(column);
        return value;
    }

    public double doubleValue(String column) throws SQLException {
        return doubleValue(index(column));
    }

    public double doubleValue(int column) throws SQLException {
        double value = rows.getDouble(column);
        present(column);
        return value;
    }

    public boolean bool(String column) throws SQLException {
        return bool(index(column));
    }

    public boolean bool(int column) throws SQLException {
        boolean value = rows.getBoolean(column);
        present(column);
        return value;
    }

    public String text(String column) throws SQLException {
        return text(index(column));
    }

    public String text(int column) throws SQLException {
        return present(column, rows.getString(column));
    }

    public Optional<String> optionalText(String column) throws SQLException {
        return optionalText(index(column));
    }

    public Optional<String> optionalText(int column) throws SQLException {
        return Optional.ofNullable(rows.getString(column));
    }

    public byte[] bytes(String column) throws SQLException {
        return bytes(index(column));
    }

    public byte[] bytes(int column) throws SQLException {
        return present(column, rows.getBytes(column));
    }

    public Optional<byte[]> optionalBytes(String column) throws SQLException {
        return optionalBytes(index(column));
    }

    public Optional<byte[]> optionalBytes(int column) throws SQLException {
        return Optional.ofNullable(rows.getBytes(column));
    }

    /** The bytes as a stream over the row, which the driver holds in memory: read large values in {@code substring} slices. */
    public InputStream stream(String column) throws SQLException {
        return stream(index(column));
    }

    public InputStream stream(int column) throws SQLException {
        return present(column, rows.getBinaryStream(column));
    }

    /** A {@code timestamptz}, to the microsecond. */
    public Instant instant(String column) throws SQLException {
        return instant(index(column));
    }

    public Instant instant(int column) throws SQLException {
        return present(column, rows.getObject(column, OffsetDateTime.class)).toInstant();
    }

    public Optional<Instant> optionalInstant(String column) throws SQLException {
        return optionalInstant(index(column));
    }

    public Optional<Instant> optionalInstant(int column) throws SQLException {
        return Optional.ofNullable(rows.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    public UUID uuid(String column) throws SQLException {
        return uuid(index(column));
    }

    public UUID uuid(int column) throws SQLException {
        return present(column, rows.getObject(column, UUID.class));
    }

    public Optional<UUID> optionalUuid(String column) throws SQLException {
        return Optional.ofNullable(rows.getObject(column, UUID.class));
    }

    /** The address of an {@code inet}; its prefix length, if any, is dropped. */
    public InetAddress inet(String column) throws SQLException {
        return inet(index(column));
    }

    public InetAddress inet(int column) throws SQLException {
        return address(text(column));
    }

    public Optional<InetAddress> optionalInet(String column) throws SQLException {
        var text = optionalText(column);
        return text.isPresent() ? Optional.of(address(text.get())) : Optional.empty();
    }

    public Uid uid(String column) throws SQLException {
        return uid(index(column));
    }

    public Uid uid(int column) throws SQLException {
        return new Uid(longValue(column));
    }

    public Modseq modseq(String column) throws SQLException {
        return modseq(index(column));
    }

    public Modseq modseq(int column) throws SQLException {
        return new Modseq(longValue(column));
    }

    public UidValidity uidValidity(String column) throws SQLException {
        return uidValidity(index(column));
    }

    public UidValidity uidValidity(int column) throws SQLException {
        return new UidValidity(longValue(column));
    }

    /** An {@code int8multirange}. */
    public UidSet uidSet(String column) throws SQLException {
        return uidSet(index(column));
    }

    public UidSet uidSet(int column) throws SQLException {
        return Multirange.parse(text(column));
    }

    /** A {@code bigint[]} without NULLs. */
    public long[] longs(String column) throws SQLException {
        return longs(index(column));
    }

    public long[] longs(int column) throws SQLException {
        var boxed = (Long[]) array(column);
        var values = new long[boxed.length];
        for (int i = 0; i < boxed.length; i++) {
            values[i] = boxed[i];
        }
        return values;
    }

    /** A {@code text[]} without NULLs. */
    public List<String> texts(String column) throws SQLException {
        return texts(index(column));
    }

    public List<String> texts(int column) throws SQLException {
        return List.of((String[]) array(column));
    }

    private Object array(int column) throws SQLException {
        var array = present(column, rows.getArray(column));
        try {
            return array.getArray();
        } finally {
            array.free();
        }
    }

    private int index(String column) throws SQLException {
        return rows.findColumn(column);
    }

    private void present(int column) throws SQLException {
        if (rows.wasNull()) {
            throw isNullThere(column);
        }
    }

    private <T> T present(int column, @Nullable T value) throws SQLException {
        if (value == null) {
            throw isNullThere(column);
        }
        return value;
    }

    private DatabaseFailure isNullThere(int column) throws SQLException {
        return new DatabaseFailure("NULL in column " + rows.getMetaData().getColumnLabel(column));
    }

    private static InetAddress address(String text) {
        int slash = text.indexOf('/');
        var literal = slash < 0 ? text : text.substring(0, slash);
        try {
            return InetAddress.ofLiteral(literal);
        } catch (IllegalArgumentException e) {
            throw new DatabaseFailure("not an address: " + literal, new UnknownHostException(literal));
        }
    }
}
