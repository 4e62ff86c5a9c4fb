-- Messages from folder to folder, one round trip each, by the rules of R__mailstore_changes.sql.

-- Locks a folder and one of some mailbox by name, in the order of their ids. Another folder may take the target's name while
-- this waits; then it looks again. outcome: locked, gone (the source), none (the target).
CREATE OR REPLACE FUNCTION lock_source_and_target(
    p_mailbox bigint, p_source bigint, p_to bigint, p_target text,
    OUT outcome text, OUT source folder, OUT target folder)
LANGUAGE plpgsql AS $$
DECLARE
    v_target bigint;
BEGIN
    FOR attempt IN 1..3 LOOP
        SELECT o.folder_id INTO v_target FROM folder o
         WHERE o.mailbox_id = p_to AND o.name = p_target AND o.deleted_at IS NULL;
        PERFORM FROM folder o
          WHERE o.mailbox_id = p_mailbox AND o.folder_id = p_source OR o.mailbox_id = p_to AND o.folder_id = v_target
          ORDER BY o.mailbox_id, o.folder_id FOR NO KEY UPDATE;
        SELECT * INTO source FROM folder o
         WHERE o.mailbox_id = p_mailbox AND o.folder_id = p_source AND o.deleted_at IS NULL;
        IF NOT FOUND THEN
            outcome := 'gone';
            RETURN;
        END IF;
        IF v_target IS NULL THEN
            outcome := 'none';
            RETURN;
        END IF;
        SELECT * INTO target FROM folder o
         WHERE o.mailbox_id = p_to AND o.folder_id = v_target AND o.name = p_target AND o.deleted_at IS NULL;
        IF FOUND THEN
            outcome := 'locked';
            RETURN;
        END IF;
    END LOOP;
    outcome := 'none';
END
$$;

-- Copies contents into another mailbox, before any folder is locked. Each copy is noted in content_orphan: should no message
-- follow, the sweep finds it there. What is not there any more is left out.
CREATE OR REPLACE FUNCTION copy_contents(p_mailbox bigint, p_contents bigint[], p_to bigint)
RETURNS TABLE (original bigint, copied bigint)
LANGUAGE plpgsql AS $$
DECLARE
    v_copies bigint[] := ARRAY(SELECT nextval('content_id') FROM generate_subscripts(p_contents, 1));
    v_there  bigint[];
BEGIN
    WITH made AS (
        INSERT INTO content (mailbox_id, content_id, size, header, envelope, structure, preview, body)
        SELECT p_to, n.copied, c.size, c.header, c.envelope, c.structure, c.preview, c.body
          FROM unnest(p_contents, v_copies) AS n (original, copied)
          JOIN content c ON c.mailbox_id = p_mailbox AND c.content_id = n.original
        RETURNING content_id
    ), pieces AS (
        INSERT INTO content_piece (mailbox_id, content_id, piece, bytes)
        SELECT p_to, n.copied, p.piece, p.bytes
          FROM unnest(p_contents, v_copies) AS n (original, copied)
          JOIN made m ON m.content_id = n.copied
          JOIN content_piece p ON p.mailbox_id = p_mailbox AND p.content_id = n.original
    ), unread AS (
        INSERT INTO search_todo (content_id, mailbox_id) SELECT m.content_id, p_to FROM made m
    )
    SELECT array_agg(m.content_id) INTO v_there FROM made m;
    INSERT INTO content_orphan (mailbox_id, content_id) SELECT p_to, t FROM unnest(v_there) t;
    RETURN QUERY
        SELECT n.original, n.copied FROM unnest(p_contents, v_copies) AS n (original, copied)
         WHERE n.copied = ANY (v_there);
END
$$;

-- COPY (p_move false) and MOVE: pairs the UIDs of the source, ascending, with a range of new ones from first_uid on. p_to may be
-- another mailbox: then p_copies are the copies of p_originals there, and the messages count there. Of the flags those among
-- p_flags, and with p_words the keywords, come along.
-- outcome: done, nothing, gone, none, bytes or messages (over that limit, used says how many there are), keywords, uids.
CREATE OR REPLACE FUNCTION carry_messages(
    p_mailbox bigint, p_source bigint, p_uids int8multirange, p_to bigint, p_target text, p_originals bigint[],
    p_copies bigint[], p_flags int, p_words boolean, p_move boolean, p_max_bytes bigint, p_max_messages bigint,
    p_max_keywords int,
    OUT outcome text, OUT target_id bigint, OUT uid_validity bigint, OUT from_uids int8multirange, OUT first_uid bigint,
    OUT source_modseq bigint, OUT target_modseq bigint, OUT used bigint)
LANGUAGE plpgsql AS $$
DECLARE
    l       record;
    s       folder;
    t       folder;
    v_apart boolean := p_to <> p_mailbox;
    v_rows  tid[];
    v_sums  record;
    v_known text[];
    v_taken int;
BEGIN
    l := lock_source_and_target(p_mailbox, p_source, p_to, p_target);
    outcome := l.outcome;
    IF outcome <> 'locked' THEN
        RETURN;
    END IF;
    s := l.source;
    t := l.target;
    target_id := t.folder_id;
    uid_validity := t.uid_validity;
    v_rows := ARRAY(
        SELECT m.ctid
          FROM unnest(p_uids) r CROSS JOIN LATERAL
               (SELECT x.ctid FROM message x
                 WHERE x.mailbox_id = p_mailbox AND x.folder_id = p_source AND x.uid >= lower(r) AND x.uid < upper(r)
                   AND (NOT v_apart OR x.content_id = ANY (p_originals))
                OFFSET 0) m);
    IF v_rows = '{}' THEN
        outcome := 'nothing';
        RETURN;
    END IF;
    SELECT count(*) AS messages, sum(x.size) AS bytes, count(DISTINCT x.content_id) AS contents,
           sum((x.flags & 1) # 1) AS unseen, sum((x.flags >> 3) & 1) AS marked,
           sum((x.flags & p_flags & 1) # 1) AS unseen_there, sum(((x.flags & p_flags) >> 3) & 1) AS marked_there,
           range_agg(int8range(x.uid, x.uid, '[]')) AS uids
      INTO v_sums
      FROM message x WHERE x.ctid = ANY (v_rows);
    from_uids := v_sums.uids;
    IF t.uid_next + v_sums.messages > 4294967296 THEN
        outcome := 'uids';
        RETURN;
    END IF;
    v_known := t.keywords;
    IF p_words AND s.keywords <> '{}' AND (v_apart OR s.folder_id <> t.folder_id) THEN
        v_known := merged_keywords(t.keywords, ARRAY(
            SELECT k FROM message x CROSS JOIN LATERAL unnest(x.keywords) k
             WHERE x.ctid = ANY (v_rows) AND x.keywords <> '{}' GROUP BY k ORDER BY k));
        IF cardinality(v_known) > greatest(p_max_keywords, cardinality(t.keywords)) THEN
            outcome := 'keywords';
            RETURN;
        END IF;
    END IF;
    IF v_apart AND p_move THEN
        PERFORM FROM mailbox_usage u
          WHERE u.mailbox_id IN (p_mailbox, p_to) ORDER BY u.mailbox_id FOR NO KEY UPDATE;
    END IF;
    IF v_apart OR NOT p_move THEN
        UPDATE mailbox_usage u
           SET bytes = u.bytes + v_sums.bytes, messages = u.messages + v_sums.messages
         WHERE u.mailbox_id = p_to AND u.bytes + v_sums.bytes <= p_max_bytes
           AND u.messages + v_sums.messages <= p_max_messages;
        IF NOT FOUND THEN
            SELECT CASE WHEN u.bytes + v_sums.bytes > p_max_bytes THEN 'bytes' ELSE 'messages' END,
                   CASE WHEN u.bytes + v_sums.bytes > p_max_bytes THEN u.bytes ELSE u.messages END
              INTO STRICT outcome, used
              FROM mailbox_usage u WHERE u.mailbox_id = p_to;
            RETURN;
        END IF;
    END IF;
    IF v_apart THEN
        IF p_move THEN
            UPDATE mailbox_usage u
               SET bytes = u.bytes - v_sums.bytes, messages = u.messages - v_sums.messages
             WHERE u.mailbox_id = p_mailbox;
        END IF;
        -- As an APPEND of what was written before.
        DELETE FROM content_orphan o
         USING unnest(p_originals, p_copies) AS n (original, copied)
         WHERE o.mailbox_id = p_to AND o.content_id = n.copied
           AND n.original IN (SELECT x.content_id FROM message x WHERE x.ctid = ANY (v_rows));
        GET DIAGNOSTICS v_taken = ROW_COUNT;
        IF v_taken <> v_sums.contents THEN
            RAISE EXCEPTION 'a content was swept before its message was stored';
        END IF;
    END IF;

    IF p_move THEN
        source_modseq := s.highest_modseq + 1;
        UPDATE folder o
           SET highest_modseq = source_modseq, message_count = s.message_count - v_sums.messages,
               unseen_count = s.unseen_count - v_sums.unseen, deleted_count = s.deleted_count - v_sums.marked,
               size = s.size - v_sums.bytes
         WHERE o.mailbox_id = p_mailbox AND o.folder_id = p_source;
        PERFORM log_change(p_mailbox, p_source, source_modseq, 'x', from_uids);
        IF EXISTS (SELECT FROM pop3_uidl p WHERE p.mailbox_id = p_mailbox AND p.folder_id = p_source) THEN
            DELETE FROM pop3_uidl p WHERE p.mailbox_id = p_mailbox AND p.folder_id = p_source AND from_uids @> p.uid;
        END IF;
    END IF;
    -- By increments: when source and target are one folder, its row has just changed.
    UPDATE folder o
       SET uid_next = o.uid_next + v_sums.messages, highest_modseq = o.highest_modseq + 1,
           message_count = o.message_count + v_sums.messages, unseen_count = o.unseen_count + v_sums.unseen_there,
           deleted_count = o.deleted_count + v_sums.marked_there, size = o.size + v_sums.bytes, keywords = v_known
     WHERE o.mailbox_id = p_to AND o.folder_id = t.folder_id
    RETURNING o.highest_modseq INTO target_modseq;
    first_uid := t.uid_next;
    IF p_move THEN
        WITH moved AS (
            DELETE FROM message x WHERE x.ctid = ANY (v_rows)
            RETURNING x.uid, x.content_id, x.internal_date, x.size, x.flags, x.keywords
        ), noted AS (
            -- As of an expunge.
            INSERT INTO content_orphan AS o (mailbox_id, content_id)
            SELECT DISTINCT p_mailbox, m.content_id FROM moved m WHERE v_apart ORDER BY m.content_id
            ON CONFLICT (mailbox_id, content_id) DO UPDATE SET since = excluded.since
        )
        INSERT INTO message (mailbox_id, folder_id, uid, content_id, modseq, internal_date, size, flags, keywords)
        SELECT p_to, t.folder_id, t.uid_next - 1 + row_number() OVER (ORDER BY m.uid),
               CASE WHEN v_apart THEN n.copied ELSE m.content_id END, target_modseq, m.internal_date, m.size,
               m.flags & p_flags,
               CASE WHEN NOT p_words OR m.keywords = '{}' THEN '{}' ELSE spelled_keywords(v_known, m.keywords) END
          FROM moved m LEFT JOIN unnest(p_originals, p_copies) AS n (original, copied) ON n.original = m.content_id;
    ELSE
        INSERT INTO message (mailbox_id, folder_id, uid, content_id, modseq, internal_date, size, flags, keywords)
        SELECT p_to, t.folder_id, t.uid_next - 1 + row_number() OVER (ORDER BY x.uid),
               CASE WHEN v_apart THEN n.copied ELSE x.content_id END, target_modseq, x.internal_date, x.size,
               x.flags & p_flags,
               CASE WHEN NOT p_words OR x.keywords = '{}' THEN '{}' ELSE spelled_keywords(v_known, x.keywords) END
          FROM message x LEFT JOIN unnest(p_originals, p_copies) AS n (original, copied) ON n.original = x.content_id
         WHERE x.ctid = ANY (v_rows);
    END IF;
    INSERT INTO folder_change (mailbox_id, folder_id, modseq, kind, uids)
    VALUES (p_to, t.folder_id, target_modseq, 'a',
            int8multirange(int8range(first_uid, first_uid + v_sums.messages)));
    outcome := 'done';
END
$$;

-- RENAME of INBOX: all messages of a folder that the caller has locked go, with their UIDs, to a folder that the same
-- transaction has created. Returns the source's new modseq.
CREATE OR REPLACE FUNCTION move_whole_folder(p_mailbox bigint, p_source bigint, p_target bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    s        folder;
    v_uids   int8multirange;
BEGIN
    SELECT * INTO STRICT s FROM folder o WHERE o.mailbox_id = p_mailbox AND o.folder_id = p_source;
    UPDATE folder o
       SET uid_next = s.uid_next, recent_from = s.recent_from, highest_modseq = o.highest_modseq + 1,
           log_floor = o.highest_modseq + 1, expunge_floor = o.highest_modseq + 1, message_count = s.message_count,
           unseen_count = s.unseen_count, deleted_count = s.deleted_count, size = s.size, keywords = s.keywords,
           was_inbox = true
     WHERE o.mailbox_id = p_mailbox AND o.folder_id = p_target;
    -- Of INBOX, which stays, annotations are copied (RFC 5464 §4.1).
    INSERT INTO folder_metadata (mailbox_id, folder_id, viewer, entry, value, changed)
    SELECT o.mailbox_id, p_target, o.viewer, o.entry, o.value, o.changed
      FROM folder_metadata o
     WHERE o.mailbox_id = p_mailbox AND o.folder_id = p_source AND o.value IS NOT NULL;
    IF s.message_count = 0 THEN
        RETURN s.highest_modseq;
    END IF;
    WITH moved AS (
        UPDATE message x
           SET folder_id = p_target,
               modseq = (SELECT o.highest_modseq FROM folder o
                          WHERE o.mailbox_id = p_mailbox AND o.folder_id = p_target)
         WHERE x.mailbox_id = p_mailbox AND x.folder_id = p_source
        RETURNING x.uid
    )
    SELECT range_agg(int8range(m.uid, m.uid, '[]')) INTO v_uids FROM moved m;
    UPDATE pop3_uidl SET folder_id = p_target WHERE mailbox_id = p_mailbox AND folder_id = p_source;
    UPDATE folder o
       SET highest_modseq = s.highest_modseq + 1, message_count = 0, unseen_count = 0, deleted_count = 0, size = 0,
           recent_from = s.uid_next
     WHERE o.mailbox_id = p_mailbox AND o.folder_id = p_source;
    PERFORM log_change(p_mailbox, p_source, s.highest_modseq + 1, 'x', v_uids);
    RETURN s.highest_modseq + 1;
END
$$;

-- REPLACE: appends one message to the folder of that name and expunges another from its own, whatever its flags. Says what
-- store_in_folder says, and behind the content the modseq of the expunge; outcome 6: the source was deleted; 7: the old
-- message is not there. What the old message leaves free counts.
CREATE OR REPLACE FUNCTION replace_message(
    p_mailbox bigint, p_source bigint, p_uid bigint, p_name text, p_max_bytes bigint, p_max_messages bigint,
    p_max_keywords int, p_contents bigint[], p_sizes bigint[], p_headers bytea[], p_envelopes bytea[], p_structures bytea[],
    p_previews text[], p_bodies bytea[], p_dates bigint[], p_flags int[], p_keywords text[]) RETURNS bigint[]
LANGUAGE plpgsql AS $$
DECLARE
    l        record;
    v_size   bigint;
    v_answer bigint[];
    v_gone   record;
BEGIN
    l := lock_source_and_target(p_mailbox, p_source, p_mailbox, p_name);
    IF l.outcome <> 'locked' THEN
        RETURN ARRAY[CASE l.outcome WHEN 'gone' THEN 6 ELSE 1 END, 0, 0, 0, 0, 0];
    END IF;
    SELECT m.size INTO v_size FROM message m
     WHERE m.mailbox_id = p_mailbox AND m.folder_id = p_source AND m.uid = p_uid;
    IF NOT FOUND THEN
        RETURN ARRAY[7, 0, 0, 0, 0, 0];
    END IF;
    v_answer := append_to_folder(
        p_mailbox, p_name, CASE WHEN p_max_bytes > 9000000000000000000 THEN p_max_bytes ELSE p_max_bytes + v_size END,
        p_max_messages + 1, p_max_keywords, p_contents, p_sizes, p_headers, p_envelopes, p_structures, p_previews, p_bodies, p_dates,
        p_flags, p_keywords);
    IF v_answer[1] <> 0 THEN
        RETURN v_answer;
    END IF;
    v_gone := expunge_messages(p_mailbox, p_source, int8multirange(int8range(p_uid, p_uid, '[]')), true);
    RETURN v_answer || v_gone.new_modseq;
END
$$;
