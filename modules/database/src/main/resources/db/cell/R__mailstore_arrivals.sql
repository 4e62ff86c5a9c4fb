-- Messages that come into folders, by APPEND and by delivery, one round trip each, by the rules of R__mailstore_changes.sql.

-- Stores the messages p_from to p_to of those given, all or none, in the folder of that name. p_contents is of these alone: 0
-- where the content comes along, else one that was written before and noted in content_orphan. Whoever holds the folder is
-- waited for, or with p_waits false not.
-- Returns numbers, because a row would cost as much as an insert: outcome, folder_id, uid_validity, first UID, modseq, bytes
-- used, then the content ids.
-- outcome 0: stored; 1: no such folder; 2: over the limit of bytes; 3: too many keywords; 4: no UIDs left; 5: somebody holds the
-- folder; 8: over the limit of messages, which are told in the place of bytes.
CREATE OR REPLACE FUNCTION store_in_folder(
    p_waits boolean, p_mailbox bigint, p_name text, p_max_bytes bigint, p_max_messages bigint, p_max_keywords int,
    p_from int, p_to int, p_contents bigint[], p_sizes bigint[], p_headers bytea[], p_envelopes bytea[],
    p_structures bytea[], p_previews text[], p_bodies bytea[], p_dates bigint[], p_flags int[], p_keywords text[])
RETURNS bigint[]
LANGUAGE plpgsql AS $$
DECLARE
    n          int := p_to - p_from + 1;
    v_words    text := '';
    v_bytes    bigint := 0;
    v_unseen   int := 0;
    v_marked   int := 0;
    v_written  int := 0;
    v_noted    int;
    v_folder   bigint;
    v_validity bigint;
    v_first    bigint;
    v_modseq   bigint;
    v_known    text[];
    v_before   text[];
    v_used     bigint := 0;
    v_outcome  int := 0;
    v_content  bigint;
    v_fresh    boolean;
    v_contents bigint[] := '{}';
BEGIN
    FOR i IN p_from..p_to LOOP
        v_bytes := v_bytes + p_sizes[i];
        v_unseen := v_unseen + ((p_flags[i] & 1) # 1);
        v_marked := v_marked + ((p_flags[i] >> 3) & 1);
        IF p_keywords[i] <> '' THEN
            v_words := v_words || ' ' || p_keywords[i];
        END IF;
        IF p_contents[i - p_from + 1] <> 0 THEN
            v_written := v_written + 1;
        END IF;
    END LOOP;

    IF NOT p_waits THEN
        PERFORM FROM folder o
          WHERE o.mailbox_id = p_mailbox AND o.name = p_name AND o.deleted_at IS NULL
            FOR NO KEY UPDATE SKIP LOCKED;
        IF NOT FOUND THEN
            RETURN CASE WHEN EXISTS (SELECT FROM folder o
                                      WHERE o.mailbox_id = p_mailbox AND o.name = p_name AND o.deleted_at IS NULL)
                        THEN ARRAY[5, 0, 0, 0, 0, 0] ELSE ARRAY[1, 0, 0, 0, 0, 0] END;
        END IF;
    END IF;
    -- Locks the folder and takes UIDs and modseq from the locked row. Twice: the folder may be given this name by a
    -- RENAME that the first look waited for.
    FOR attempt IN 1..2 LOOP
        UPDATE folder o
           SET uid_next = o.uid_next + n, highest_modseq = o.highest_modseq + 1,
               message_count = o.message_count + n, unseen_count = o.unseen_count + v_unseen,
               deleted_count = o.deleted_count + v_marked, size = o.size + v_bytes,
               keywords = CASE WHEN v_words = '' THEN o.keywords
                               ELSE merged_keywords(o.keywords, string_to_array(ltrim(v_words), ' ')) END
         WHERE o.mailbox_id = p_mailbox AND o.name = p_name AND o.deleted_at IS NULL
           AND o.uid_next + n <= 4294967296
        RETURNING o.folder_id, o.uid_validity, old.uid_next, new.highest_modseq, new.keywords, old.keywords
          INTO v_folder, v_validity, v_first, v_modseq, v_known, v_before;
        EXIT WHEN FOUND;
    END LOOP;
    IF v_folder IS NULL THEN
        RETURN CASE WHEN EXISTS (SELECT FROM folder o
                                  WHERE o.mailbox_id = p_mailbox AND o.name = p_name AND o.deleted_at IS NULL)
                    THEN ARRAY[4, 0, 0, 0, 0, 0] ELSE ARRAY[1, 0, 0, 0, 0, 0] END;
    END IF;

    IF v_words <> '' AND cardinality(v_known) > greatest(p_max_keywords, cardinality(v_before)) THEN
        v_outcome := 3;
    ELSE
        -- Decided on the locked row itself, so the limit holds exactly.
        UPDATE mailbox_usage u
           SET bytes = u.bytes + v_bytes, messages = u.messages + n
         WHERE u.mailbox_id = p_mailbox AND u.bytes + v_bytes <= p_max_bytes AND u.messages + n <= p_max_messages;
        IF NOT FOUND THEN
            SELECT CASE WHEN u.bytes + v_bytes > p_max_bytes THEN 2 ELSE 8 END,
                   CASE WHEN u.bytes + v_bytes > p_max_bytes THEN u.bytes ELSE u.messages END
              INTO STRICT v_outcome, v_used
              FROM mailbox_usage u WHERE u.mailbox_id = p_mailbox;
        END IF;
    END IF;
    IF v_outcome <> 0 THEN
        UPDATE folder o
           SET uid_next = v_first, highest_modseq = v_modseq - 1,
               message_count = o.message_count - n, unseen_count = o.unseen_count - v_unseen,
               deleted_count = o.deleted_count - v_marked, size = o.size - v_bytes, keywords = v_before
         WHERE o.mailbox_id = p_mailbox AND o.folder_id = v_folder;
        RETURN ARRAY[v_outcome, v_folder, v_validity, 0, 0, v_used];
    END IF;

    IF v_written > 0 THEN
        -- The sweep either comes first and this sees it, or it finds the message; it passes over locked notes.
        DELETE FROM content_orphan o WHERE o.mailbox_id = p_mailbox AND o.content_id = ANY (p_contents);
        GET DIAGNOSTICS v_noted = ROW_COUNT;
        IF v_noted <> v_written THEN
            RAISE EXCEPTION 'a content was swept before its message was stored';
        END IF;
    END IF;
    FOR i IN p_from..p_to LOOP
        v_content := p_contents[i - p_from + 1];
        v_fresh := v_content = 0;
        IF v_fresh THEN
            v_content := nextval('content_id');
        END IF;
        -- One statement: each would cost as much to start as it does.
        WITH fresh AS (
            INSERT INTO content (mailbox_id, content_id, size, header, envelope, structure, preview, body)
            SELECT p_mailbox, v_content, p_sizes[i], p_headers[i], p_envelopes[i], p_structures[i], p_previews[i],
                   p_bodies[i]
             WHERE v_fresh
        ), unread AS (
            INSERT INTO search_todo (content_id, mailbox_id) SELECT v_content, p_mailbox WHERE v_fresh
        ), change AS (
            INSERT INTO folder_change (mailbox_id, folder_id, modseq, kind, uids)
            SELECT p_mailbox, v_folder, v_modseq, 'a', int8multirange(int8range(v_first, v_first + n)) WHERE i = p_to
        )
        INSERT INTO message (mailbox_id, folder_id, uid, content_id, modseq, internal_date, size, flags, keywords)
        VALUES (p_mailbox, v_folder, v_first + i - p_from, v_content, v_modseq, to_timestamp(p_dates[i]),
                p_sizes[i], p_flags[i],
                CASE WHEN p_keywords[i] = '' THEN '{}'
                     ELSE spelled_keywords(v_known, string_to_array(p_keywords[i], ' ')) END);
        v_contents := v_contents || v_content;
    END LOOP;
    RETURN ARRAY[0, v_folder, v_validity, v_first, v_modseq, 0] || v_contents;
END
$$;

-- APPEND: what store_in_folder does, of all messages that are given.
CREATE OR REPLACE FUNCTION append_to_folder(
    p_mailbox bigint, p_name text, p_max_bytes bigint, p_max_messages bigint, p_max_keywords int,
    p_contents bigint[], p_sizes bigint[], p_headers bytea[], p_envelopes bytea[], p_structures bytea[],
    p_previews text[], p_bodies bytea[], p_dates bigint[], p_flags int[], p_keywords text[]) RETURNS bigint[]
LANGUAGE sql AS $$
    SELECT store_in_folder(
        true, p_mailbox, p_name, p_max_bytes, p_max_messages, p_max_keywords, 1, cardinality(p_sizes), p_contents, p_sizes,
        p_headers, p_envelopes, p_structures, p_previews, p_bodies, p_dates, p_flags, p_keywords)
$$;

-- Stores parcels, each one message for one folder, in every folder that can be locked at once: p_message[i] says which of the
-- messages parcel i holds, p_contents[i] its content where that was written before. One row a parcel: its number, and what
-- store_in_folder says of it.
-- By mailbox, for usage rows are waited for; no folder is, so that one busy mailbox stalls none.
CREATE OR REPLACE FUNCTION deliver_to_folders(
    p_mailboxes bigint[], p_names text[], p_max_bytes bigint[], p_max_messages bigint[], p_message int[],
    p_contents bigint[], p_max_keywords int,
    p_sizes bigint[], p_headers bytea[], p_envelopes bytea[], p_structures bytea[],
    p_previews text[], p_bodies bytea[], p_dates bigint[], p_flags int[], p_keywords text[])
RETURNS TABLE (parcel int, answer bigint[])
LANGUAGE plpgsql AS $$
DECLARE
    v_order int[] := '{1}';
BEGIN
    IF cardinality(p_mailboxes) > 1 THEN
        v_order := ARRAY(SELECT g FROM generate_subscripts(p_mailboxes, 1) g ORDER BY p_mailboxes[g], g);
    END IF;
    FOREACH parcel IN ARRAY v_order LOOP
        answer := store_in_folder(
            false, p_mailboxes[parcel], p_names[parcel], p_max_bytes[parcel], p_max_messages[parcel], p_max_keywords,
            p_message[parcel], p_message[parcel], p_contents[parcel:parcel], p_sizes, p_headers, p_envelopes, p_structures,
            p_previews, p_bodies, p_dates, p_flags, p_keywords);
        RETURN NEXT;
    END LOOP;
END
$$;

-- Stores parcels as deliver_to_folders does, those that nothing hinders: with one statement, for to start as many as a message
-- takes costs more than its rows do. p_mailboxes to p_words: each folder once, by mailbox, with the limits of its mailbox and the
-- sums of what comes into it. p_folder, p_place, p_message: of each parcel, its folder, how many before it are for the same one,
-- and its message; contents come along. With p_whole it fails with PN001 unless all are stored.
-- Returns the numbers of the parcels that are stored, then of each in the same order its folder_id, UIDVALIDITY, UID, modseq and
-- content id. Why others are not, whoever tries each alone is told.
CREATE OR REPLACE FUNCTION store_together(
    p_whole boolean, p_max_keywords int,
    p_mailboxes bigint[], p_names text[], p_max_bytes bigint[], p_max_messages bigint[], p_counts int[], p_bytes bigint[],
    p_unseen int[], p_deleted int[], p_words text[],
    p_folder int[], p_place int[], p_message int[],
    p_sizes bigint[], p_headers bytea[], p_envelopes bytea[], p_structures bytea[],
    p_previews text[], p_bodies bytea[], p_dates bigint[], p_flags int[], p_keywords text[])
RETURNS bigint[]
LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    v_stored bigint[];
BEGIN
    -- Every decision is made on locked rows, folders first, which are not waited for, then usage, which is, in the order of
    -- mailboxes: nested loops keep it.
    WITH held AS MATERIALIZED (
        SELECT f.*, o.folder_id,
               CASE WHEN f.words = '' THEN o.keywords
                    ELSE merged_keywords(o.keywords, string_to_array(f.words, ' ')) END AS keywords
          FROM unnest(p_mailboxes, p_names, p_max_bytes, p_max_messages, p_counts, p_bytes, p_unseen, p_deleted, p_words)
               WITH ORDINALITY AS f (mailbox_id, name, max_bytes, max_messages, n, bytes, unseen, deleted, words, no)
          JOIN folder o ON o.mailbox_id = f.mailbox_id AND o.name = f.name AND o.deleted_at IS NULL
         WHERE o.uid_next + f.n <= 4294967296
           AND (f.words = '' OR cardinality(merged_keywords(o.keywords, string_to_array(f.words, ' ')))
                                <= greatest(p_max_keywords, cardinality(o.keywords)))
           FOR NO KEY UPDATE OF o SKIP LOCKED
    ), fitting AS (
        UPDATE mailbox_usage u
           SET bytes = u.bytes + b.bytes, messages = u.messages + b.n
          FROM (SELECT h.mailbox_id, sum(h.bytes) AS bytes, sum(h.n) AS n,
                       min(h.max_bytes) AS max_bytes, min(h.max_messages) AS max_messages
                  FROM held h GROUP BY h.mailbox_id ORDER BY h.mailbox_id) b
         WHERE u.mailbox_id = b.mailbox_id AND u.bytes + b.bytes <= b.max_bytes AND u.messages + b.n <= b.max_messages
        RETURNING u.mailbox_id
    ), taken AS (
        UPDATE folder o
           SET uid_next = o.uid_next + h.n, highest_modseq = o.highest_modseq + h.n,
               message_count = o.message_count + h.n, unseen_count = o.unseen_count + h.unseen,
               deleted_count = o.deleted_count + h.deleted, size = o.size + h.bytes, keywords = h.keywords
          FROM held h JOIN fitting USING (mailbox_id)
         WHERE o.mailbox_id = h.mailbox_id AND o.folder_id = h.folder_id
        RETURNING h.no, o.mailbox_id, o.folder_id, o.uid_validity, old.uid_next, old.highest_modseq, new.keywords
    ), parcel AS MATERIALIZED (
        SELECT p.no, p.message, t.mailbox_id, t.folder_id, t.uid_validity, t.keywords, nextval('content_id') AS content_id,
               t.uid_next + p.place AS uid, t.highest_modseq + p.place + 1 AS modseq
          FROM unnest(p_folder, p_place, p_message) WITH ORDINALITY AS p (folder, place, message, no)
          JOIN taken t ON t.no = p.folder
    ), written AS (
        INSERT INTO content (mailbox_id, content_id, size, header, envelope, structure, preview, body)
        SELECT p.mailbox_id, p.content_id, p_sizes[p.message], p_headers[p.message], p_envelopes[p.message],
               p_structures[p.message], p_previews[p.message], p_bodies[p.message]
          FROM parcel p
    ), unread AS (
        INSERT INTO search_todo (content_id, mailbox_id) SELECT p.content_id, p.mailbox_id FROM parcel p
    ), change AS (
        INSERT INTO folder_change (mailbox_id, folder_id, modseq, kind, uids)
        SELECT p.mailbox_id, p.folder_id, p.modseq, 'a', int8multirange(int8range(p.uid, p.uid + 1)) FROM parcel p
    ), stored AS (
        INSERT INTO message (mailbox_id, folder_id, uid, content_id, modseq, internal_date, size, flags, keywords)
        SELECT p.mailbox_id, p.folder_id, p.uid, p.content_id, p.modseq, to_timestamp(p_dates[p.message]),
               p_sizes[p.message], p_flags[p.message],
               CASE WHEN p_keywords[p.message] = '' THEN '{}'
                    ELSE spelled_keywords(p.keywords, string_to_array(p_keywords[p.message], ' ')) END
          FROM parcel p
    )
    SELECT array_agg(p.no) || array_agg(p.folder_id) || array_agg(p.uid_validity) || array_agg(p.uid)
               || array_agg(p.modseq) || array_agg(p.content_id)
      INTO v_stored
      FROM parcel p;
    v_stored := coalesce(v_stored, '{}');
    IF p_whole AND cardinality(v_stored) <> 6 * cardinality(p_folder) THEN
        RAISE EXCEPTION 'a parcel cannot be stored now' USING ERRCODE = 'PN001';
    END IF;
    RETURN v_stored;
END
$$;
