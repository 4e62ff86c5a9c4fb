package org.postern.console.owner;

/** A request that is not answered with what it asks for, and why. */
final class BadRequest extends Exception {
    private static final long serialVersionUID = 1L;

    private final Status status;

    BadRequest(Status status, String why) {
        super(why, null, false, false);
        this.status = status;
    }

    Status status() {
        return status;
    }
}
