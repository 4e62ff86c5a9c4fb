package org.postern.smtp.message;

import org.postern.mime.ByteSearch;
import org.postern.net.ByteScanner;

/**
 * The bytes of DATA (RFC 5321 §4.1.1.4, §4.5.2): only {@code CRLF . CRLF} ends them, one leading dot of a line is removed, nothing
 * else is touched.
 *
 * <p>A CR without LF or an LF without CR is where two servers can disagree about the end of a message, and smuggle a second one
 * in: it ends the reading at once, and the caller the connection. A message that is too big is read on, so that its sender can
 * be told, up to a bound.
 */
public final class DataReader implements ByteScanner, MessageReader {
    private static final byte CR = '\r';
    private static final byte LF = '\n';

    /** Where the next byte stands. */
    private enum Place {
        LINE_START,
        IN_LINE,
        AFTER_CR,
        AFTER_DOT,
        AFTER_DOT_CR
    }

    /** How the reading ended. */
    public enum End {
        NOT_YET,
        /** {@code CRLF . CRLF}. */
        COMPLETE,
        BARE_LINE_END,
        /** Too many bytes even to read past. */
        ENDLESS
    }

    private final Sink sink;
    private final long most;

    private Place place = Place.LINE_START;
    private End end = End.NOT_YET;
    private long size;
    private long lineLength;
    private long longestLine;
    private boolean hasNul;

    /**
     * @param sink gets the message's bytes, dots removed
     * @param most bytes of message to read at all
     */
    public DataReader(Sink sink, long most) {
        this.sink = sink;
        this.most = most;
    }

    public End end() {
        return end;
    }

    /** Bytes of the message so far, as RFC 1870 §5 counts them: line ends as CRLF, without stuffed dots and end mark. */
    long size() {
        return size;
    }

    @Override
    public long longestLine() {
        return longestLine;
    }

    @Override
    public boolean hasNul() {
        return hasNul;
    }

    @Override
    public boolean hasBareLineEnd() {
        return end == End.BARE_LINE_END;
    }

    @Override
    public int take(byte[] chunk, int from, int to) {
        int begin = from; // of what the sink has not got yet
        int at = from;
        while (at < to && end == End.NOT_YET) {
            byte b = chunk[at];
            switch (place) {
                case LINE_START -> {
                    if (b == '.') {
                        give(chunk, begin, at);
                        begin = at + 1;
                        place = Place.AFTER_DOT;
                        at++;
                    } else {
                        place = Place.IN_LINE;
                    }
                }
                case IN_LINE -> {
                    int stop = endOfText(chunk, at, to);
                    lineLength += stop - at;
                    at = stop;
                    if (at < to) {
                        endLineText(chunk[at++]);
                    }
                }
                case AFTER_CR -> {
                    end = b == '\n' ? End.NOT_YET : End.BARE_LINE_END;
                    place = Place.LINE_START;
                    at++;
                }
                case AFTER_DOT -> {
                    if (b == '\r') {
                        place = Place.AFTER_DOT_CR;
                        begin = ++at; // Of the end mark nothing belongs to the message.
                    } else {
                        place = Place.IN_LINE;
                    }
                }
                case AFTER_DOT_CR -> {
                    end = b == '\n' ? End.COMPLETE : End.BARE_LINE_END;
                    begin = ++at;
                }
            }
        }
        give(chunk, begin, at);
        if (end == End.NOT_YET && size > most) {
            end = End.ENDLESS;
        }
        return at - from;
    }

    /** The next CR or LF; the loop that nearly every byte of a message runs through. */
    private int endOfText(byte[] chunk, int from, int to) {
        for (int at = ByteSearch.indexOfAtMost(CR, chunk, from, to);
                at >= 0;
                at = ByteSearch.indexOfAtMost(CR, chunk, at + 1, to)) {
            if (chunk[at] == CR || chunk[at] == LF) {
                return at;
            }
            hasNul |= chunk[at] == 0;
        }
        return to;
    }

    private void endLineText(byte lineEnd) {
        longestLine = Math.max(longestLine, lineLength);
        lineLength = 0;
        if (lineEnd == '\r') {
            place = Place.AFTER_CR;
        } else {
            end = End.BARE_LINE_END;
        }
    }

    private void give(byte[] chunk, int from, int to) {
        if (to > from) {
            size += to - from;
            longestLine = Math.max(longestLine, lineLength);
            sink.take(chunk, from, to - from);
        }
    }
}
