package org.postern.accounts;

import java.security.SecureRandom;

/** Argon2id account passwords (RFC 9106). */
public final class AccountPasswords {
    public AccountPasswords(SecureRandom random) {}
}
