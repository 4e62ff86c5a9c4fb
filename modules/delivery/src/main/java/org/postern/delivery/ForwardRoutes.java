package org.postern.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postern.accounts.Directory;
import org.postern.accounts.Forwardings;
import org.postern.accounts.Resolution;
import org.postern.model.Address;
import org.postern.model.MailboxId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** To whom mail is passed on: what a mailbox forwards, and what comes for a group. */
public final class ForwardRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(ForwardRoutes.class);

    private final Directory directory;
    private final Forwardings forwardings;
    private final Recipients recipients;

    public ForwardRoutes(Directory directory, Forwardings forwardings, Recipients recipients) {
        this.directory = directory;
        this.forwardings = forwardings;
        this.recipients = recipients;
    }

    /**
     * One way on.
     *
     * @param own the address that the mail has come to, in whose name it goes on
     * @param to one at least, each a destination of its own
     * @param keepsCopy whether it is also delivered to the mailbox
     */
    record Route(Address own, List<Recipient> to, boolean keepsCopy) {}

    /** Empty where nobody whom the mailbox forwards to takes mail. */
    Optional<Route> ofMailbox(MailboxId mailbox) {
        return forwardings.of(mailbox).flatMap(whose -> {
            var to = takers(whose.own(), whose.forwarding().to()).stream()
                    .filter(target -> !target.destination().equals(new Destination.Mailbox(mailbox)))
                    .toList();
            return route(whose.own(), to, whose.forwarding().keepsCopy());
        });
    }

    /**
     * Empty where nobody of the group takes mail, or the address leads to others no more: then it is for its owner.
     *
     * @param mayLeave whether mail may go to other hosts in the owner's name; else the owner gets what was for them
     */
    Optional<Route> ofGroup(Address address, MailboxId owner, boolean mayLeave) {
        return switch (directory.resolve(address)) {
            case Resolution.Leads leads -> {
                var to = takers(leads.group(), leads.to()).stream()
                        .map(target -> target.mailbox().isPresent() || mayLeave
                                ? target
                                : new Recipient(address, new Destination.Mailbox(owner)))
                        .toList();
                yield route(leads.group(), to, false);
            }
            case Resolution.Local local -> Optional.empty();
            case Resolution.Elsewhere elsewhere -> Optional.empty();
            case Resolution.NoSuchAddress nobody -> Optional.empty();
        };
    }

    private static Optional<Route> route(Address own, List<Recipient> to, boolean keepsCopy) {
        var each = Recipient.distinct(to);
        return each.isEmpty() ? Optional.empty() : Optional.of(new Route(own, each, keepsCopy));
    }

    private List<Recipient> takers(Address own, List<Address> addresses) {
        var takers = new ArrayList<Recipient>();
        for (var address : addresses) {
            switch (recipients.find(address)) {
                case RecipientOutcome.Taken(var target) -> takers.add(target);
                case RecipientOutcome.Refused(var refusal) ->
                    LOG.atWarn()
                            .addKeyValue("case", "forward-refused")
                            .addKeyValue("mailbox", own)
                            .addKeyValue("to", address)
                            .addKeyValue("reason", refusal.caseName())
                            .log("{} forwards to {}, who takes no mail", own, address);
            }
        }
        return takers;
    }
}
