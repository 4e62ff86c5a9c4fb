package org.postern.server.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.postern.accounts.ConnectionInfo;
import org.postern.accounts.MailboxInfo;
import org.postern.accounts.Outcome;
import org.postern.accounts.PlanLookup;
import org.postern.accounts.Problem;
import org.postern.accounts.QuotaUsage;
import org.postern.model.Address;
import org.postern.model.Plan;
import org.postern.server.Administration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code postern limits …}: what a mailbox may do, and what of that is used. */
@Command(name = "limits", description = "What a mailbox may do, what of that is used, and when there is room again.")
final class LimitsCommands extends CommandGroup {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it before any method is called.
    private PosternCommand root;

    @Command(description = "Shows the limits of a mailbox: allowed, used, next free slot.")
    int show(@Parameters(paramLabel = "ADDRESS") Address address) {
        return root.administer(
                admin -> admin.mailboxes().show(address).then(mailbox -> limits(admin, mailbox)),
                limits -> (out, json) -> Answer.show(out, json, limits));
    }

    private static Outcome<Map<String, Object>> limits(Administration admin, MailboxInfo mailbox) {
        return switch (admin.entitlements().planOf(mailbox.id())) {
            case PlanLookup.Known(var account, var plan) ->
                Outcome.done(Answer.fields(
                        "mailbox",
                        mailbox.address(),
                        "plan",
                        plan.name(),
                        "storage_used_bytes",
                        admin.storedBytes().apply(mailbox.id()),
                        "storage_max_bytes",
                        plan.storage().bytes(),
                        "storage_max_messages",
                        plan.storage().messages().isPresent()
                                ? Optional.of(plan.storage().messages().getAsInt())
                                : Optional.empty(),
                        "max_message_bytes",
                        plan.maxMessageBytes(),
                        "recipients_per_message",
                        plan.sending().recipientsPerMessage(),
                        "sending",
                        plan.sending().allowed(),
                        "connections",
                        connections(plan, admin.connections().list(Optional.of(mailbox.id()))),
                        "new_recipients",
                        admin.quotas()
                                .newRecipients(account, mailbox.id(), plan)
                                .map(usage -> List.of(Answer.fields(
                                        "used",
                                        usage.used(),
                                        "per_day",
                                        usage.limit().perDay(),
                                        "next_slot",
                                        usage.nextSlot())))
                                .orElse(List.of()),
                        "quotas",
                        admin.quotas().usage(account, mailbox.id(), plan).stream()
                                .map(LimitsCommands::fields)
                                .toList()));
            case PlanLookup.Unusable(var plan, var why) ->
                Outcome.failed(new Problem.Invalid("plan " + plan + " cannot be used: " + why));
            case PlanLookup.NoSuchMailbox gone -> Outcome.failed(new Problem.NoSuchMailbox(mailbox.address()));
        };
    }

    private static List<Map<String, Object>> connections(Plan plan, List<ConnectionInfo> open) {
        return plan.protocols().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> Answer.fields(
                        "protocol",
                        entry.getKey().lowerCase(),
                        "open",
                        open.stream()
                                .filter(each -> each.counted() && each.protocol() == entry.getKey())
                                .count(),
                        "max_per_client_address",
                        entry.getValue().cap().perClientAddress(),
                        "max_per_mailbox",
                        entry.getValue().cap().perMailbox(),
                        "max_per_token",
                        entry.getValue().cap().perToken()))
                .toList();
    }

    private static Map<String, Object> fields(QuotaUsage usage) {
        return Answer.fields(
                "per",
                usage.quota().subject().lowerCase(),
                "window",
                usage.quota().window(),
                "counting",
                usage.quota().counting().lowerCase(),
                "used",
                usage.used(),
                "max",
                usage.quota().max(),
                "at_limit",
                usage.quota().atLimit().name().toLowerCase(Locale.ROOT),
                "next_slot",
                usage.nextSlot());
    }
}
