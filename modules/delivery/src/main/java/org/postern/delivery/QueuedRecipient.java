package org.postern.delivery;

import java.sql.SQLException;
import java.util.Map;
import org.postern.database.Row;
import org.postern.model.Address;

/**
 * One recipient of a message in the queue.
 *
 * @param number of the recipient within its message
 * @param parameters of RCPT, by the keywords of the wire in capitals: NOTIFY, ORCPT
 * @param attempts before now
 */
public record QueuedRecipient(long queueId, int number, Address address, Map<String, String> parameters, int attempts) {
    /** The columns of {@code queue_recipient r} that {@link #read} wants. */
    public static final String COLUMNS = "r.queue_id, r.recipient_no, r.address,"
            + " parameter_pairs(r.parameters) AS recipient_parameters, r.attempts";

    public QueuedRecipient {
        parameters = Map.copyOf(parameters);
    }

    public static QueuedRecipient read(Row row) throws SQLException {
        return new QueuedRecipient(
                row.longValue("queue_id"),
                row.intValue("recipient_no"),
                Address.parse(row.text("address")).orElseThrow(),
                QueuedMail.map(row.texts("recipient_parameters")),
                row.intValue("attempts"));
    }
}
