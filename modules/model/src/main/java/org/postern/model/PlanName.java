package org.postern.model;

import java.util.regex.Pattern;

/** A plan's name: lower-case letters, digits and dashes, 1 to 40 characters, beginning with a letter. */
public record PlanName(String value) implements Comparable<PlanName> {
    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9-]{0,39}");

    public PlanName {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("a plan's name is " + FORM.pattern() + ": " + value);
        }
    }

    @Override
    public int compareTo(PlanName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
