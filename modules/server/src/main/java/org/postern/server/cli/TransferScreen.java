package org.postern.server.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.postern.model.FolderName;
import org.postern.transfer.FolderFacts;
import org.postern.transfer.ImportCounts;
import org.postern.transfer.ImportListener;
import org.postern.transfer.SourceGone;
import org.postern.transfer.Trouble;

/** What a person sees of a transfer, on standard error: one line that moves on where that is a terminal, and each trouble. */
final class TransferScreen implements ImportListener {
    /** Of those that the answer in JSON lists; all are printed. */
    static final int MOST_LISTED = 1_000;

    private static final long REDRAW_NANOS = 200_000_000;
    private static final double MEGA = 1_000_000;
    private static final String ERASE = "\r\u001B[K";

    private final PrintWriter err;
    private final boolean terminal;
    private final List<Map<String, Object>> troubles = new ArrayList<>();
    private final long begun = System.nanoTime();
    private long drawn;
    private String place = "";
    private boolean lost;

    TransferScreen(PrintWriter err) {
        this.err = err;
        this.terminal = isTerminal();
    }

    /** Standard error alone cannot be asked: it is one where standard input and output are. */
    @SuppressWarnings("SystemConsoleNull") // Its signature still says that it may be null.
    private static boolean isTerminal() {
        var console = System.console();
        return console != null && console.isTerminal();
    }

    @Override
    public void folder(FolderFacts source, FolderName target) {
        var name = source.name().equals(target) ? target.value() : source.name() + " to " + target;
        place = name
                + source.messages().stream()
                        .mapToObj(count -> String.format(Locale.ROOT, " (%,d)", count))
                        .findFirst()
                        .orElse("");
    }

    @Override
    public void progress(ImportCounts counts) {
        draw(
                String.format(Locale.ROOT, "%s: %,d new, %,d known", place, counts.imported(), counts.known()),
                counts.bytes());
    }

    /** A line that takes the place of the last one. */
    void draw(String line, long bytes) {
        long now = System.nanoTime();
        if (terminal && now - drawn > REDRAW_NANOS) {
            drawn = now;
            double seconds = (now - begun) / 1e9;
            err.print(ERASE
                    + String.format(Locale.ROOT, "%s, %.1f MB, %.1f MB/s", line, bytes / MEGA, bytes / MEGA / seconds));
            err.flush();
        }
    }

    @Override
    public void trouble(Trouble trouble) {
        lost |= trouble.code().losesMessages();
        clear();
        var what = trouble.message().isEmpty() ? trouble.folder() : trouble.folder() + ", " + trouble.message();
        err.println("postern: " + trouble.code().word() + ": " + what + ": " + trouble.text());
        err.flush();
        if (troubles.size() < MOST_LISTED) {
            troubles.add(Answer.fields(
                    "code", trouble.code().word(),
                    "folder", trouble.folder(),
                    "message", trouble.message(),
                    "text", trouble.text()));
        }
    }

    @Override
    public void gone(SourceGone why, Duration pause) {
        clear();
        err.println("postern: " + why.getMessage() + "; going on in " + pause.toSeconds() + " s");
        err.flush();
    }

    void clear() {
        if (terminal) {
            err.print(ERASE);
            err.flush();
        }
    }

    /** Whether a folder was reached. */
    boolean hasBegun() {
        return !place.isEmpty();
    }

    /** Whether messages are missing that the source has. */
    boolean lostMessages() {
        return lost;
    }

    List<Map<String, Object>> troubles() {
        return List.copyOf(troubles);
    }

    long seconds() {
        return (System.nanoTime() - begun) / 1_000_000_000;
    }
}
