package org.postern.accounts;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postern.database.Row;
import org.postern.database.RowReader;
import org.postern.database.Tx;
import org.postern.model.MailboxId;

/** What a mailbox's owner is to be told by a message in the INBOX: written with the change that it tells of. */
public final class Notices {
    private static final RowReader<Notice> NOTICE = Notices::notice;

    /** @param detail what the message fills in */
    void add(Tx tx, MailboxId mailbox, String caseName, Map<String, String> detail) throws SQLException {
        var pairs = new ArrayList<String>();
        detail.forEach((name, value) -> {
            pairs.add(name);
            pairs.add(value);
        });
        tx.update(
                "INSERT INTO notice (mailbox_id, case_name, detail) VALUES (?, ?, jsonb_object(?))",
                mailbox.value(),
                caseName,
                pairs.toArray(String[]::new));
    }

    /** The oldest that wait and that nobody else is at; theirs until the transaction ends. */
    public List<Notice> lockWaiting(Tx tx, int max) throws SQLException {
        return tx.list("""
                SELECT n.notice_id, n.mailbox_id, m.address, n.at, n.case_name,
                       ARRAY(SELECT k FROM jsonb_object_keys(n.detail) k ORDER BY k) AS names,
                       ARRAY(SELECT n.detail ->> k FROM jsonb_object_keys(n.detail) k ORDER BY k) AS texts
                  FROM notice n JOIN mailbox m USING (mailbox_id)
                 WHERE n.delivered_at IS NULL
                 ORDER BY n.notice_id
                 LIMIT ?
                   FOR NO KEY UPDATE OF n SKIP LOCKED
                """, NOTICE, max);
    }

    /** Committed with the messages: each notice is delivered exactly once, whenever a node dies. */
    public void delivered(Tx tx, List<Notice> done) throws SQLException {
        tx.update(
                "UPDATE notice SET delivered_at = clock_timestamp() WHERE notice_id = ANY (?)",
                done.stream().mapToLong(Notice::id).toArray());
    }

    private static Notice notice(Row row) throws SQLException {
        var names = row.texts("names");
        var texts = row.texts("texts");
        var detail = new HashMap<String, String>();
        for (int i = 0; i < names.size(); i++) {
            detail.put(names.get(i), texts.get(i));
        }
        return new Notice(
                row.longValue("notice_id"),
                new MailboxId(row.longValue("mailbox_id")),
                Addresses.stored(row.text("address")),
                row.instant("at"),
                row.text("case_name"),
                detail);
    }
}
