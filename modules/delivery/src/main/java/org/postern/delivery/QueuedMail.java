package org.postern.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.database.Database;
import org.postern.database.Row;
import org.postern.mime.bytes.MessageBytes;
import org.postern.model.AccountId;
import org.postern.model.Address;
import org.postern.model.MailboxId;
import org.postern.model.TokenId;

/**
 * A message in the queue, without its recipients and its bytes.
 *
 * @param sender who of ours has submitted it; empty for mail from outside and for reports
 * @param traceId of the session and message, as in the Received field and the logs
 * @param returnPath empty: the null return path, to which nothing is ever reported
 * @param bodyType the value of MAIL's BODY parameter
 * @param parameters of MAIL, by the keywords of the wire in capitals
 * @param front the fields that another host gets before the content: signatures
 * @param size of the content, in bytes
 * @param copiesLeft how many copies of it may still be made for each of its recipients, by who passes it on
 */
public record QueuedMail(
        long id,
        Optional<Sender> sender,
        String traceId,
        Optional<Address> returnPath,
        String bodyType,
        boolean smtpUtf8,
        Map<String, String> parameters,
        Instant acceptedAt,
        Instant expiresAt,
        String front,
        long size,
        int copiesLeft) {

    /** The columns of {@code queue q} that {@link #read} wants. */
    public static final String COLUMNS = """
            q.queue_id, q.account_id, q.mailbox_id, q.token_id, q.trace_id, q.return_path, q.body_type, q.smtputf8,
            parameter_pairs(q.parameters) AS mail_parameters, q.accepted_at, q.expires_at, q.front, q.size,
            q.copies_left""";

    /** Who has submitted a message. */
    public record Sender(AccountId account, MailboxId mailbox, TokenId token) {}

    public QueuedMail {
        parameters = Map.copyOf(parameters);
    }

    /** The bytes that another host gets. */
    public MessageBytes outgoing(Database database) {
        var content = new QueuedContent(database, this);
        return front.isEmpty() ? content : new PrefixedBytes(front.getBytes(UTF_8), content);
    }

    /** How many those are. */
    public long outgoingSize() {
        return front.getBytes(UTF_8).length + size;
    }

    /** Whether it may only go where everybody is verified (RFC 8689). */
    public boolean requiresTls() {
        return parameters.containsKey("REQUIRETLS");
    }

    public static QueuedMail read(Row row) throws SQLException {
        return new QueuedMail(
                row.longValue("queue_id"),
                sender(row),
                row.text("trace_id"),
                Address.parse(row.text("return_path")),
                row.text("body_type"),
                row.bool("smtputf8"),
                map(row.texts("mail_parameters")),
                row.instant("accepted_at"),
                row.instant("expires_at"),
                row.text("front"),
                row.longValue("size"),
                (int) row.optionalLong("copies_left").orElse(Forwarder.MAX_COPIES));
    }

    private static Optional<Sender> sender(Row row) throws SQLException {
        var mailbox = row.optionalLong("mailbox_id");
        return mailbox.isEmpty() || row.isNull("account_id") || row.isNull("token_id")
                ? Optional.empty()
                : Optional.of(new Sender(
                        new AccountId(row.longValue("account_id")),
                        new MailboxId(mailbox.getAsLong()),
                        new TokenId(row.longValue("token_id"))));
    }

    /** @param pairs name, value, name, value … */
    static Map<String, String> map(List<String> pairs) {
        var map = new HashMap<String, String>();
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            map.put(pairs.get(i), pairs.get(i + 1));
        }
        return map;
    }
}
