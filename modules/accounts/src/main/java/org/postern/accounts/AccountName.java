package org.postern.accounts;

import java.util.Optional;

/** An account's name as its owner writes it: 1 to {@value #MAX_LENGTH} printable characters, no space at either end. */
public record AccountName(String value) implements Comparable<AccountName> {
    public static final int MAX_LENGTH = 100;

    public AccountName {
        if (!Labels.isLabel(value, MAX_LENGTH)) {
            throw new IllegalArgumentException("an account's name is 1 to " + MAX_LENGTH + " printable characters");
        }
    }

    public static Optional<AccountName> parse(String text) {
        var stripped = text.strip();
        return Labels.isLabel(stripped, MAX_LENGTH) ? Optional.of(new AccountName(stripped)) : Optional.empty();
    }

    @Override
    public int compareTo(AccountName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
