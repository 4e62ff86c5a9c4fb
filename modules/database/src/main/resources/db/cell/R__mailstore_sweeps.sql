-- What nobody needs any more, deleted batch by batch. Each is called in a transaction of its own, on one node at a time.

-- Contents that no message has. A note is locked first and its content looked at in a later statement, with a fresh
-- snapshot; notes that others have locked are passed over: they are being taken out or renewed.
CREATE OR REPLACE FUNCTION sweep_contents(p_grace interval, p_batch int, OUT looked_at int, OUT swept int)
LANGUAGE plpgsql AS $$
DECLARE
    v_mailboxes bigint[];
    v_contents  bigint[];
    v_bytes     CONSTANT bigint := 256 * 1024 * 1024;       -- no more in one transaction: large values are many rows
BEGIN
    SELECT array_agg(o.mailbox_id), array_agg(o.content_id) INTO v_mailboxes, v_contents
      FROM (SELECT n.mailbox_id, n.content_id FROM content_orphan n
             WHERE n.since < clock_timestamp() - p_grace
             ORDER BY n.since LIMIT p_batch FOR UPDATE SKIP LOCKED) o;
    IF v_contents IS NULL THEN
        looked_at := 0;
        swept := 0;
        RETURN;
    END IF;
    SELECT count(*) INTO looked_at
      FROM (SELECT sum(coalesce(c.size, 0)) OVER (ORDER BY o.at) - coalesce(c.size, 0) AS before
              FROM unnest(v_mailboxes, v_contents) WITH ORDINALITY AS o (mailbox_id, content_id, at)
              LEFT JOIN content c ON c.mailbox_id = o.mailbox_id AND c.content_id = o.content_id) sizes
     WHERE before < v_bytes;
    WITH gone AS (
        DELETE FROM content c
         USING unnest(v_mailboxes[:looked_at], v_contents[:looked_at]) AS o (mailbox_id, content_id)
         WHERE c.mailbox_id = o.mailbox_id AND c.content_id = o.content_id
           AND NOT EXISTS (SELECT FROM message m WHERE m.mailbox_id = o.mailbox_id AND m.content_id = o.content_id)
        RETURNING c.mailbox_id, c.content_id
    ), pieces AS (
        DELETE FROM content_piece p USING gone g WHERE p.mailbox_id = g.mailbox_id AND p.content_id = g.content_id
    )
    SELECT count(*) INTO swept FROM gone;
    DELETE FROM content_orphan n
     USING unnest(v_mailboxes[:looked_at], v_contents[:looked_at]) AS o (mailbox_id, content_id)
     WHERE n.mailbox_id = o.mailbox_id AND n.content_id = o.content_id;
END
$$;

-- Messages of one deleted folder.
CREATE OR REPLACE FUNCTION sweep_deleted_messages(p_grace interval, p_batch int) RETURNS int
LANGUAGE plpgsql AS $$
DECLARE
    f       folder;
    v_swept int;
BEGIN
    SELECT * INTO f FROM folder o
     WHERE o.deleted_at < clock_timestamp() - p_grace
       AND EXISTS (SELECT FROM message m WHERE m.mailbox_id = o.mailbox_id AND m.folder_id = o.folder_id)
     ORDER BY o.deleted_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    WITH removed AS (
        DELETE FROM message m
         WHERE m.ctid = ANY (ARRAY(SELECT x.ctid FROM message x
                                    WHERE x.mailbox_id = f.mailbox_id AND x.folder_id = f.folder_id LIMIT p_batch))
        RETURNING m.content_id
    ), noted AS (
        INSERT INTO content_orphan AS o (mailbox_id, content_id)
        SELECT DISTINCT f.mailbox_id, r.content_id FROM removed r ORDER BY r.content_id
        ON CONFLICT (mailbox_id, content_id) DO UPDATE SET since = excluded.since
    )
    SELECT count(*) INTO v_swept FROM removed;
    RETURN v_swept;
END
$$;

-- One deleted folder without messages: its log, then itself.
CREATE OR REPLACE FUNCTION sweep_tombstone(p_life interval, p_batch int, OUT changes int, OUT folders int)
LANGUAGE plpgsql AS $$
DECLARE
    f folder;
BEGIN
    folders := 0;
    changes := 0;
    SELECT * INTO f FROM folder o
     WHERE o.deleted_at < clock_timestamp() - p_life
       AND NOT EXISTS (SELECT FROM message m WHERE m.mailbox_id = o.mailbox_id AND m.folder_id = o.folder_id)
     ORDER BY o.deleted_at LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    DELETE FROM folder_change c
     WHERE c.ctid = ANY (ARRAY(SELECT x.ctid FROM folder_change x
                                WHERE x.mailbox_id = f.mailbox_id AND x.folder_id = f.folder_id LIMIT p_batch));
    GET DIAGNOSTICS changes = ROW_COUNT;
    IF changes < p_batch THEN
        DELETE FROM pop3_uidl p WHERE p.mailbox_id = f.mailbox_id AND p.folder_id = f.folder_id;
        DELETE FROM folder o WHERE o.mailbox_id = f.mailbox_id AND o.folder_id = f.folder_id;
        folders := 1;
    END IF;
END
$$;

-- Changes older than p_kept: of expunges, or of all else. The folder's floor rises with what is deleted.
CREATE OR REPLACE FUNCTION sweep_changes(p_kept interval, p_expunges boolean, p_batch int) RETURNS int
LANGUAGE plpgsql AS $$
DECLARE
    v_old   record;
    v_rows  int;
    v_swept int := 0;
BEGIN
    FOR v_old IN
        SELECT o.mailbox_id, o.folder_id, max(o.modseq) AS modseq
          FROM (SELECT c.mailbox_id, c.folder_id, c.modseq FROM folder_change c
                 WHERE NOT p_expunges AND c.kind <> 'x' AND c.at < clock_timestamp() - p_kept
                 ORDER BY c.at LIMIT p_batch) o
         GROUP BY o.mailbox_id, o.folder_id
        UNION ALL
        SELECT o.mailbox_id, o.folder_id, max(o.modseq) AS modseq
          FROM (SELECT c.mailbox_id, c.folder_id, c.modseq FROM folder_change c
                 WHERE p_expunges AND c.kind = 'x' AND c.at < clock_timestamp() - p_kept
                 ORDER BY c.at LIMIT p_batch) o
         GROUP BY o.mailbox_id, o.folder_id
         ORDER BY mailbox_id, folder_id
    LOOP
        PERFORM FROM folder f
          WHERE f.mailbox_id = v_old.mailbox_id AND f.folder_id = v_old.folder_id FOR NO KEY UPDATE SKIP LOCKED;
        IF NOT FOUND THEN
            CONTINUE;
        END IF;
        UPDATE folder f
           SET log_floor = greatest(f.log_floor, v_old.modseq),
               expunge_floor = CASE WHEN p_expunges THEN greatest(f.expunge_floor, v_old.modseq)
                                    ELSE f.expunge_floor END
         WHERE f.mailbox_id = v_old.mailbox_id AND f.folder_id = v_old.folder_id;
        DELETE FROM folder_change c
         WHERE c.mailbox_id = v_old.mailbox_id AND c.folder_id = v_old.folder_id AND c.modseq <= v_old.modseq
           AND (c.kind = 'x') = p_expunges;
        GET DIAGNOSTICS v_rows = ROW_COUNT;
        v_swept := v_swept + v_rows;
    END LOOP;
    RETURN v_swept;
END
$$;

-- Notes of what the server has filed, once nobody is told of it any more. Returns how many.
CREATE OR REPLACE FUNCTION sweep_sent_copies(p_kept interval, p_batch int) RETURNS int
LANGUAGE plpgsql AS $$
DECLARE
    v_swept int;
BEGIN
    DELETE FROM sent_copy WHERE ctid = ANY (ARRAY(
        SELECT s.ctid FROM sent_copy s
         WHERE s.filed_at < clock_timestamp() - p_kept ORDER BY s.filed_at LIMIT p_batch));
    GET DIAGNOSTICS v_swept = ROW_COUNT;
    RETURN v_swept;
END
$$;
