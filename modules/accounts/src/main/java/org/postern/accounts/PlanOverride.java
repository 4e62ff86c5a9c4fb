package org.postern.accounts;

import java.util.Locale;
import org.postern.model.AccountId;
import org.postern.model.PlanName;

/**
 * One thing that an account or a mailbox has different from its plan.
 *
 * @param subject the account's name, or the mailbox's address
 * @param account whose it is, or whose mailbox has it
 * @param key of the plan in {@code plans.yml}, levels joined by dots
 */
public record PlanOverride(Kind kind, String subject, AccountId account, PlanName plan, String key, String value) {
    /** Who has it. */
    public enum Kind {
        ACCOUNT,
        MAILBOX;

        /** The name in the database and on the command line. */
        public String lowerCase() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Kind of(String name) {
            return valueOf(name.toUpperCase(Locale.ROOT));
        }
    }

    boolean isOfSame(PlanOverride other) {
        return kind == other.kind && subject.equals(other.subject);
    }
}
