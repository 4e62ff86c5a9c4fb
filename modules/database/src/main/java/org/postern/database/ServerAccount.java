package org.postern.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The system user that PostgreSQL runs as: our own, or an unprivileged one when we are root, as PostgreSQL refuses root.
 *
 * @param changed whether it is another user than ours, so that files must be handed over
 */
record ServerAccount(int uid, int gid, boolean changed) {
    private static final Path PASSWD = Path.of("/etc/passwd");
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final List<String> CANDIDATES = List.of("postgres", "nobody");

    /** The owner of the directory unless that is root; else {@code postgres} if there is one; else {@code nobody}. */
    static ServerAccount choose(Path directory, Path cluster) throws IOException {
        int own = effective("Uid:");
        if (own != 0) {
            return new ServerAccount(own, effective("Gid:"), false);
        }
        for (var owned : List.of(cluster, directory)) {
            if (Files.isDirectory(owned)) {
                int uid = (int) Files.getAttribute(owned, "unix:uid");
                if (uid != 0) {
                    return new ServerAccount(uid, (int) Files.getAttribute(owned, "unix:gid"), true);
                }
            }
        }
        for (var name : CANDIDATES) {
            var known = named(name);
            if (known.isPresent()) {
                return known.get();
            }
        }
        throw new DatabaseFailure("PostgreSQL does not run as root, and there is neither a system user postgres nor"
                + " nobody: create one, or give " + directory + " to the user it shall run as");
    }

    /** The second number of a line of {@code /proc/self/status} (proc_pid_status(5)). */
    private static int effective(String line) throws IOException {
        for (var status : Files.readAllLines(STATUS)) {
            if (status.startsWith(line)) {
                return Integer.parseInt(status.split("\\s+", -1)[2]);
            }
        }
        throw new IOException("no " + line + " in " + STATUS);
    }

    private static Optional<ServerAccount> named(String name) throws IOException {
        for (var line : Files.readAllLines(PASSWD)) {
            var fields = line.split(":", -1);
            if (fields.length >= 4 && fields[0].equals(name) && !fields[2].equals("0")) {
                return Optional.of(new ServerAccount(Integer.parseInt(fields[2]), Integer.parseInt(fields[3]), true));
            }
        }
        return Optional.empty();
    }

    void own(Path path) throws IOException {
        if (changed) {
            Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(path, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
        }
    }

    /** @throws DatabaseFailure that names the directory which keeps this user out */
    void checkMayEnter(Path directory) throws IOException {
        if (!changed) {
            return;
        }
        for (var step = directory; step != null; step = step.getParent()) {
            int mode = (int) Files.getAttribute(step, "unix:mode");
            boolean owner = (int) Files.getAttribute(step, "unix:uid") == uid;
            boolean group = (int) Files.getAttribute(step, "unix:gid") == gid;
            int execute = owner ? 0100 : group ? 0010 : 0001;
            if ((mode & execute) == 0) {
                throw new DatabaseFailure("PostgreSQL runs as user " + uid + ", who may not enter " + step
                        + ": choose a data directory elsewhere, or allow it (chmod o+x)");
            }
        }
    }

    /** The start of a command line that runs the rest as this user and sends it SIGINT when our thread dies. */
    List<String> prefix() {
        var prefix = new ArrayList<String>();
        // Out of the terminal's reach: Ctrl-C is for the server, which stops PostgreSQL after its last session.
        prefix.add("setsid");
        prefix.add("setpriv");
        if (changed) {
            prefix.addAll(
                    List.of("--reuid", Integer.toString(uid), "--regid", Integer.toString(gid), "--clear-groups"));
        }
        prefix.addAll(List.of("--pdeathsig", "INT", "--"));
        return prefix;
    }
}
