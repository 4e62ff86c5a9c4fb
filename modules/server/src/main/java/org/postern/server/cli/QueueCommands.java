package org.postern.server.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.ToIntBiFunction;
import org.jspecify.annotations.Nullable;
import org.postern.accounts.Outcome;
import org.postern.accounts.Problem;
import org.postern.delivery.WaitingMail;
import org.postern.delivery.WaitingMail.Selection;
import org.postern.delivery.WaitingMail.Waiting;
import org.postern.model.Address;
import org.postern.model.Domain;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code postern queue …}: accepted messages on their way. */
@Command(name = "queue", description = "Accepted messages that wait: for another host, or for room in a mailbox.")
final class QueueCommands extends CommandGroup {
    private static final int MOST = 10_000;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it before any method is called.
    private PosternCommand root;

    /** Which recipients are meant. */
    static final class Which {
        @Option(names = "--domain", paramLabel = "DOMAIN", description = "of the recipient")
        @Nullable
        Domain domain;

        @Option(names = "--sender", paramLabel = "ADDRESS", description = "the return path")
        @Nullable
        Address sender;

        @Option(names = "--mailbox", paramLabel = "ADDRESS", description = "who has submitted the message")
        @Nullable
        Address mailbox;

        Selection of(@Nullable Long id) {
            return new Selection(
                    id == null ? OptionalLong.empty() : OptionalLong.of(id),
                    Optional.ofNullable(domain),
                    Optional.ofNullable(sender),
                    Optional.ofNullable(mailbox));
        }
    }

    @Command(description = "Lists recipients that wait, oldest first.")
    int list(
            @Mixin Which which,
            @Option(
                            names = "--max",
                            paramLabel = "N",
                            defaultValue = "100",
                            description = "the oldest so many, 1 to 10000; default ${DEFAULT-VALUE}")
                    int max) {
        return root.administer(
                admin -> max < 1 || max > MOST
                        ? Outcome.failed(new Problem.Invalid("--max is 1 to " + MOST))
                        : Outcome.done(admin.waitingMail().list(which.of(null), max)),
                all -> (out, json) -> Answer.list(
                        out, json, all.stream().map(QueueCommands::row).toList()));
    }

    @Command(description = "Shows one message and who of its recipients waits, and why.")
    int show(@Parameters(paramLabel = "ID") long id) {
        return root.administer(
                admin -> admin.waitingMail()
                        .show(id, MOST)
                        .map(Outcome::done)
                        .orElseGet(() -> Outcome.failed(new Problem.Invalid("no message " + id + " waits"))),
                message -> (out, json) -> Answer.show(out, json, fields(message)));
    }

    @Command(description = "Tries recipients now that would wait longer, and hosts that did not answer.")
    int retry(@Parameters(paramLabel = "ID", arity = "0..1") @Nullable Long id, @Mixin Which which) {
        return change("tried", which.of(id), WaitingMail::retry);
    }

    @Command(description = "Holds recipients: nobody tries them until they are released.")
    int hold(@Parameters(paramLabel = "ID", arity = "0..1") @Nullable Long id, @Mixin Which which) {
        return change("held", which.of(id), WaitingMail::hold);
    }

    @Command(description = "Lets recipients go that were held.")
    int release(@Parameters(paramLabel = "ID", arity = "0..1") @Nullable Long id, @Mixin Which which) {
        return change("released", which.of(id), WaitingMail::release);
    }

    @Command(description = "Deletes recipients, and messages that have none left. Their senders are not told.")
    int delete(@Parameters(paramLabel = "ID", arity = "0..1") @Nullable Long id, @Mixin Which which) {
        return change("deleted", which.of(id), WaitingMail::delete);
    }

    private int change(String done, Selection selection, ToIntBiFunction<WaitingMail, Selection> change) {
        return root.administer(
                admin -> selection.isOpen()
                        ? Outcome.<Integer>failed(new Problem.Invalid("say which: ID, --domain, --sender or --mailbox"))
                        : Outcome.done(change.applyAsInt(admin.waitingMail(), selection)),
                count -> (out, json) -> Answer.show(out, json, Answer.fields(done, count)));
    }

    private static Map<String, Object> row(Waiting waiting) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("id", waiting.recipient().queueId());
        fields.put("accepted", waiting.acceptedAt());
        fields.put("size", waiting.size());
        fields.put("sender", waiting.sender().map(Address::toString).orElse("<>"));
        fields.putAll(recipient(waiting));
        return fields;
    }

    private static Map<String, Object> recipient(Waiting waiting) {
        return Answer.fields(
                "recipient",
                waiting.recipient().address(),
                "state",
                waiting.state().name().toLowerCase(Locale.ROOT),
                "attempts",
                waiting.recipient().attempts(),
                "next",
                waiting.nextAttemptAt(),
                "host",
                waiting.lastHost(),
                "reply",
                waiting.lastReply());
    }

    private static Map<String, Object> fields(WaitingMail.Message message) {
        var mail = message.mail();
        return Answer.fields(
                "id",
                mail.id(),
                "message",
                mail.traceId(),
                "sender",
                mail.returnPath().map(Address::toString).orElse("<>"),
                "mailbox",
                message.recipients().stream().findFirst().flatMap(Waiting::mailbox),
                "size",
                mail.size(),
                "body",
                mail.bodyType(),
                "parameters",
                new TreeMap<>(mail.parameters()),
                "accepted",
                mail.acceptedAt(),
                "expires",
                mail.expiresAt(),
                "recipients",
                message.recipients().stream().map(QueueCommands::recipient).toList());
    }
}
