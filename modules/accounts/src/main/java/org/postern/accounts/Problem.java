package org.postern.accounts;

import java.util.Collection;
import java.util.stream.Collectors;
import org.postern.model.Address;
import org.postern.model.Domain;
import org.postern.model.PlanName;

/** Why an administrator's wish was refused. {@link #text()} is one sentence without a full stop. */
public sealed interface Problem {
    String text();

    /** @param what the thing and its name, as in {@code mailbox ann@example.org} */
    record AlreadyExists(String what) implements Problem {
        @Override
        public String text() {
            return what + " already exists";
        }
    }

    record NoSuchAccount(String account) implements Problem {
        @Override
        public String text() {
            return "there is no account " + account;
        }
    }

    record NoSuchDomain(Domain domain) implements Problem {
        @Override
        public String text() {
            return "there is no domain " + domain;
        }
    }

    /** A record that others must see first cannot be seen. */
    record NotPublished(String name) implements Problem {
        @Override
        public String text() {
            return "the DNS does not have the record of " + name + " yet";
        }
    }

    record NoSuchMailbox(Address address) implements Problem {
        @Override
        public String text() {
            return "there is no mailbox " + address;
        }
    }

    record NoSuchAlias(Address address) implements Problem {
        @Override
        public String text() {
            return "there is no alias " + address;
        }
    }

    /** An address that leads to others. */
    record NoSuchGroup(Address address) implements Problem {
        @Override
        public String text() {
            return "there is no address " + address + " that leads to others";
        }
    }

    record NoSuchToken(Address mailbox, String token) implements Problem {
        @Override
        public String text() {
            return "mailbox " + mailbox + " has no client token " + token;
        }
    }

    record NoSuchPlan(PlanName plan, Collection<PlanName> known) implements Problem {
        @Override
        public String text() {
            return "there is no plan " + plan + "; there are "
                    + known.stream().sorted().map(PlanName::value).collect(Collectors.joining(", "));
        }
    }

    /** The thing belongs to another account. */
    record OtherAccount(String what) implements Problem {
        @Override
        public String text() {
            return what + " belongs to another account";
        }
    }

    /** A bound is met. */
    record TooMany(String what, int max) implements Problem {
        @Override
        public String text() {
            return "too many " + what + ": at most " + max;
        }
    }

    /** The wish itself is malformed. */
    record Invalid(String why) implements Problem {
        @Override
        public String text() {
            return why;
        }
    }
}
