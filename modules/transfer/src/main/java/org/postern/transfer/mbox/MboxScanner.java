package org.postern.transfer.mbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.postern.transfer.SourceGone;
import org.postern.transfer.mbox.MboxMessage.Extent;

/** Finds the messages of an mbox one after another, holding one header at a time. */
final class MboxScanner {
    private final Path path;
    private final FileChannel file;
    private final Quoting quoting;
    private final Lines lines;
    private final Lines ahead;
    private final long size;

    /**
     * One message.
     *
     * @param status what its mbox fields say
     */
    record Found(Instant date, Status status, Extent extent) {}

    MboxScanner(Path path, FileChannel file, Quoting quoting) throws IOException {
        this.path = path;
        this.file = file;
        this.quoting = quoting;
        this.lines = new Lines(file);
        this.ahead = new Lines(file);
        this.size = file.size();
    }

    /** @return empty at the end of the file */
    Optional<Found> next() throws IOException {
        do {
            if (!lines.next()) {
                return Optional.empty();
            }
        } while (lines.isBlank());
        var date = lines.beginsFrom() ? FromLine.date(lines.text()) : Optional.<Instant>empty();
        if (date.isEmpty()) {
            throw new SourceGone(
                    path + " is no mbox: at byte " + lines.start() + " there is no line of From and a date");
        }
        long header = lines.end();
        long body = headerEnd(header);
        var status = new Status(MboxMessage.read(file, header, (int) (body - header)));
        var measured = quoting.trustsLengths() ? status.contentLength() : OptionalLong.empty();
        if (measured.isPresent() && leadsOn(body + measured.getAsLong())) {
            long end = body + measured.getAsLong();
            lines.seek(end);
            return Optional.of(new Found(date.get(), status, new Extent(header, body, end, true)));
        }
        return Optional.of(new Found(date.get(), status, new Extent(header, body, bodyEnd(body), false)));
    }

    private long headerEnd(long header) throws IOException {
        while (lines.next()) {
            if (lines.isBlank() || lines.end() - header > Extent.MAX_HEADER) {
                return lines.isBlank() ? lines.end() : lines.start();
            }
        }
        return lines.end();
    }

    /** Whether a message may end there: at the end of the file, or before a blank line and a From line. */
    private boolean leadsOn(long end) throws IOException {
        if (end > size) {
            return false;
        }
        ahead.seek(end);
        while (ahead.next()) {
            if (!ahead.isBlank()) {
                return ahead.beginsFrom() && FromLine.date(ahead.text()).isPresent();
            }
        }
        return true;
    }

    /** Stands before the next From line afterwards. */
    private long bodyEnd(long body) throws IOException {
        lines.seek(body);
        boolean afterBlank = true;
        long end = body;
        long blank = body;
        while (lines.next()) {
            if (afterBlank && lines.beginsFrom() && FromLine.date(lines.text()).isPresent()) {
                lines.seek(lines.start());
                return blank;
            }
            afterBlank = lines.isBlank();
            blank = afterBlank ? lines.start() : lines.end();
            end = lines.end();
        }
        return afterBlank ? blank : end;
    }
}
