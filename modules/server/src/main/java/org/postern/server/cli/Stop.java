package org.postern.server.cli;

/** Ends a command with what the person should read on standard error, and a status. */
public final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final ExitCode code;

    public Stop(ExitCode code, String message) {
        super(message);
        this.code = code;
    }

    public Stop(ExitCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public ExitCode code() {
        return code;
    }
}
