package org.postern.server.cli;

/** What a command tells its caller, after sysexits(3) where that has a word for it. */
public enum ExitCode {
    OK(0),
    /** Refused: it does not exist, exists already, is not allowed; nothing was changed. */
    REFUSED(1),
    /** The command line itself is wrong. */
    USAGE(2),
    /** Done in part: some of what there is could not be taken (EX_DATAERR). */
    INCOMPLETE(65),
    /** The database cannot be reached (EX_UNAVAILABLE). */
    UNAVAILABLE(69),
    /** A bug (EX_SOFTWARE). */
    BUG(70),
    /** Something else has the data folder or a port: try again when it has ended (EX_TEMPFAIL). */
    IN_USE(75),
    /** A config file is broken (EX_CONFIG). */
    CONFIG(78);

    private final int status;

    ExitCode(int status) {
        this.status = status;
    }

    public int status() {
        return status;
    }
}
