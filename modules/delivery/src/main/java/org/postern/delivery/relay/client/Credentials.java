package org.postern.delivery.relay.client;

/** Who we are to a smarthost (RFC 4954). */
public record Credentials(String user, String password) {
    /** Says nothing of the password. */
    @Override
    public String toString() {
        return user;
    }
}
