-- Changes of the messages of folders, one round trip each. The first statement of each locks the folder rows, in the
-- order of (mailbox_id, folder_id); what is decided is decided in later statements, or from the locked row itself.
-- mailbox_usage comes last among the locks. A function whose signature changes gets a new name: nodes of the release
-- before may still call the old one.

-- The keywords a folder knows, and after them those it did not, in the order given.
CREATE OR REPLACE FUNCTION merged_keywords(p_known text[], p_added text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
    SELECT p_known || coalesce(array_agg(k ORDER BY at), '{}')
      FROM (SELECT DISTINCT ON (lower(k COLLATE "C")) k, at
              FROM unnest(p_added) WITH ORDINALITY AS added (k, at)
             WHERE NOT EXISTS (SELECT FROM unnest(p_known) o WHERE lower(o COLLATE "C") = lower(k COLLATE "C"))
             ORDER BY lower(k COLLATE "C"), at) fresh
$$;

-- Those of the wanted keywords that a folder knows, as it spells them, sorted.
CREATE OR REPLACE FUNCTION spelled_keywords(p_known text[], p_wanted text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(array_agg(k ORDER BY lower(k COLLATE "C")), '{}')
      FROM unnest(p_known) k
     WHERE lower(k COLLATE "C") IN (SELECT lower(w COLLATE "C") FROM unnest(p_wanted) w)
$$;

-- A message's keywords after a STORE of keywords that are spelled as the folder does; mode r, a, d: replace, add, delete.
CREATE OR REPLACE FUNCTION changed_keywords(p_old text[], p_mode "char", p_keywords text[]) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF p_mode = 'r' THEN
        RETURN p_keywords;
    ELSIF p_mode = 'a' THEN
        IF p_old @> p_keywords THEN
            RETURN p_old;
        END IF;
        RETURN (SELECT array_agg(k ORDER BY lower(k COLLATE "C"))
                  FROM (SELECT unnest(p_old) AS k UNION SELECT unnest(p_keywords)) both_of_them);
    ELSE
        IF NOT p_old && p_keywords THEN
            RETURN p_old;
        END IF;
        RETURN (SELECT coalesce(array_agg(k ORDER BY lower(k COLLATE "C")), '{}')
                  FROM unnest(p_old) k WHERE k <> ALL (p_keywords));
    END IF;
END
$$;

-- One change's entry in the log, in rows of 1,000 ranges.
CREATE OR REPLACE FUNCTION log_change(
    p_mailbox bigint, p_folder bigint, p_modseq bigint, p_kind "char", p_uids int8multirange) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO folder_change (mailbox_id, folder_id, modseq, kind, part, uids)
    SELECT p_mailbox, p_folder, p_modseq, p_kind, part, range_agg(r)
      FROM (SELECT r, ((row_number() OVER (ORDER BY r) - 1) / 1000)::smallint AS part
              FROM unnest(p_uids) r) ranges
     GROUP BY part;
END
$$;

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

-- The same of all of them, or it fails with PN001: for whoever has another way. Returns the seven numbers of each, in their order.
CREATE OR REPLACE FUNCTION deliver_or_fail(
    p_mailboxes bigint[], p_names text[], p_max_bytes bigint[], p_max_messages bigint[], p_message int[],
    p_contents bigint[], p_max_keywords int,
    p_sizes bigint[], p_headers bytea[], p_envelopes bytea[], p_structures bytea[],
    p_previews text[], p_bodies bytea[], p_dates bigint[], p_flags int[], p_keywords text[])
RETURNS bigint[]
LANGUAGE plpgsql AS $$
DECLARE
    d         record;
    v_answers bigint[] := '{}';
BEGIN
    FOR d IN SELECT f.answer
               FROM deliver_to_folders(
                        p_mailboxes, p_names, p_max_bytes, p_max_messages, p_message, p_contents, p_max_keywords, p_sizes,
                        p_headers, p_envelopes, p_structures, p_previews, p_bodies, p_dates, p_flags, p_keywords) f
              ORDER BY f.parcel LOOP
        IF d.answer[1] <> 0 THEN
            RAISE EXCEPTION 'a parcel cannot be stored now' USING ERRCODE = 'PN001';
        END IF;
        v_answers := v_answers || d.answer;
    END LOOP;
    RETURN v_answers;
END
$$;

-- STORE. mode r, a, d: replace, add, delete. A replacement leaves alone the flags p_kept and, with p_keeps_words, keywords: who
-- stores may not change them. One row for each set of flags that changed messages have now, or one alone that tells the
-- outcome: stored, keywords (max: which bound), gone.
CREATE OR REPLACE FUNCTION change_flags(
    p_mailbox bigint, p_folder bigint, p_uids int8multirange, p_mode "char", p_bits int, p_kept int, p_keywords text[],
    p_keeps_words boolean, p_unchanged_since bigint, p_max_folder_keywords int, p_max_message_keywords int)
RETURNS TABLE (outcome text, new_modseq bigint, modified int8multirange, flags int, keywords text[],
               uids int8multirange, max_keywords int)
LANGUAGE plpgsql AS $$
DECLARE
    f          folder;
    v_known    text[];
    v_spelled  text[];
    v_touches  boolean := p_mode = 'r' AND NOT p_keeps_words OR p_keywords <> '{}';
    v_modified int8multirange := '{}';
    v_rows     tid[];
    v_modseq   bigint;
    v_groups   record;
BEGIN
    SELECT * INTO f FROM folder o
     WHERE o.mailbox_id = p_mailbox AND o.folder_id = p_folder AND o.deleted_at IS NULL FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN QUERY SELECT 'gone', 0::bigint, NULL::int8multirange, 0, NULL::text[], NULL::int8multirange, 0;
        RETURN;
    END IF;
    v_known := f.keywords;
    IF p_mode <> 'd' AND p_keywords <> '{}' THEN
        v_known := merged_keywords(f.keywords, p_keywords);
        IF cardinality(v_known) > greatest(p_max_folder_keywords, cardinality(f.keywords)) THEN
            RETURN QUERY SELECT 'keywords', 0::bigint, NULL::int8multirange, 0, NULL::text[], NULL::int8multirange,
                                p_max_folder_keywords;
            RETURN;
        END IF;
    END IF;
    v_spelled := CASE WHEN p_keywords = '{}' THEN '{}' ELSE spelled_keywords(v_known, p_keywords) END;
    -- OFFSET 0 keeps the order of the join: each range is one probe of the index, whatever the planner believes.
    IF p_unchanged_since IS NOT NULL THEN
        SELECT coalesce(range_agg(int8range(m.uid, m.uid, '[]')), '{}') INTO v_modified
          FROM unnest(p_uids) r CROSS JOIN LATERAL
               (SELECT x.uid FROM message x
                 WHERE x.mailbox_id = p_mailbox AND x.folder_id = p_folder AND x.uid >= lower(r) AND x.uid < upper(r)
                   AND x.modseq > p_unchanged_since OFFSET 0) m;
    END IF;
    -- Only what will be different. Row addresses stay true until the update: whoever changes messages locks the folder.
    v_rows := ARRAY(
        SELECT m.ctid
          FROM unnest(p_uids) r CROSS JOIN LATERAL
               (SELECT x.ctid FROM message x
                 WHERE x.mailbox_id = p_mailbox AND x.folder_id = p_folder AND x.uid >= lower(r) AND x.uid < upper(r)
                   AND (p_unchanged_since IS NULL OR x.modseq <= p_unchanged_since)
                   AND (x.flags <> CASE p_mode WHEN 'r' THEN p_bits | (x.flags & p_kept) WHEN 'a' THEN x.flags | p_bits
                                               ELSE x.flags & ~p_bits END
                        OR v_touches AND x.keywords <> changed_keywords(x.keywords, p_mode, v_spelled))
                OFFSET 0) m);
    IF v_rows = '{}' THEN
        RETURN QUERY SELECT 'stored', f.highest_modseq, v_modified, 0, NULL::text[], NULL::int8multirange, 0;
        RETURN;
    END IF;
    IF p_mode = 'a' AND v_touches AND EXISTS (
            SELECT FROM message x
             WHERE x.ctid = ANY (v_rows)
               AND cardinality(changed_keywords(x.keywords, p_mode, v_spelled)) > p_max_message_keywords) THEN
        RETURN QUERY SELECT 'keywords', 0::bigint, NULL::int8multirange, 0, NULL::text[], NULL::int8multirange,
                            p_max_message_keywords;
        RETURN;
    END IF;

    v_modseq := f.highest_modseq + 1;
    WITH changed AS (
        UPDATE message AS x
           SET flags = CASE p_mode WHEN 'r' THEN p_bits | (x.flags & p_kept) WHEN 'a' THEN x.flags | p_bits
                                   ELSE x.flags & ~p_bits END,
               keywords = CASE WHEN v_touches THEN changed_keywords(x.keywords, p_mode, v_spelled)
                               ELSE x.keywords END,
               modseq = v_modseq
         WHERE x.ctid = ANY (v_rows)
        RETURNING new.uid, old.flags AS was, new.flags AS bits, array_to_string(new.keywords, ' ') AS words
    ), alike AS (
        SELECT c.bits, c.words, range_agg(int8range(c.uid, c.uid, '[]')) AS uids,
               sum((c.was & 1) - (c.bits & 1)) AS unseen, sum(((c.bits >> 3) & 1) - ((c.was >> 3) & 1)) AS marked
          FROM changed c
         GROUP BY c.bits, c.words
    )
    SELECT array_agg(g.bits) AS bits, array_agg(g.words) AS words, array_agg(g.uids) AS uids,
           range_agg(g.uids) AS all_uids, sum(g.unseen) AS unseen, sum(g.marked) AS marked
      INTO v_groups
      FROM alike g;
    UPDATE folder o
       SET highest_modseq = v_modseq, unseen_count = f.unseen_count + v_groups.unseen,
           deleted_count = f.deleted_count + v_groups.marked, keywords = v_known
     WHERE o.mailbox_id = p_mailbox AND o.folder_id = p_folder;
    PERFORM log_change(p_mailbox, p_folder, v_modseq, 'f', v_groups.all_uids);
    RETURN QUERY
        SELECT 'stored', v_modseq, v_modified, g.bits::int, string_to_array(g.words, ' '), g.uids, 0
          FROM unnest(v_groups.bits, v_groups.words, v_groups.uids) AS g (bits, words, uids);
END
$$;

-- EXPUNGE: the messages with \Deleted among p_uids, or of the whole folder where that is NULL; p_any: whatever their flags.
-- outcome: expunged, nothing, gone.
CREATE OR REPLACE FUNCTION expunge_messages(
    p_mailbox bigint, p_folder bigint, p_uids int8multirange, p_any boolean,
    OUT outcome text, OUT new_modseq bigint, OUT uids int8multirange)
LANGUAGE plpgsql AS $$
DECLARE
    f      folder;
    v_rows tid[];
    v_sums record;
BEGIN
    SELECT * INTO f FROM folder o
     WHERE o.mailbox_id = p_mailbox AND o.folder_id = p_folder AND o.deleted_at IS NULL FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        outcome := 'gone';
        RETURN;
    END IF;
    IF p_any OR f.deleted_count > 0 THEN
        v_rows := ARRAY(
            SELECT m.ctid
              FROM unnest(coalesce(p_uids, '{[1,4294967296)}'::int8multirange)) r CROSS JOIN LATERAL
                   (SELECT x.ctid FROM message x
                     WHERE x.mailbox_id = p_mailbox AND x.folder_id = p_folder
                       AND x.uid >= lower(r) AND x.uid < upper(r) AND (p_any OR x.flags & 8 <> 0)
                     OFFSET 0) m
             LIMIT CASE WHEN p_any THEN NULL ELSE f.deleted_count END);
    END IF;
    IF v_rows IS NULL OR v_rows = '{}' THEN
        outcome := 'nothing';
        RETURN;
    END IF;
    new_modseq := f.highest_modseq + 1;
    WITH removed AS (
        DELETE FROM message x WHERE x.ctid = ANY (v_rows) RETURNING x.uid, x.content_id, x.size, x.flags
    ), noted AS (
        -- In order, or two expunges could wait for each other. Touched even when there already: the sweep that is just
        -- looking at the note must not drop it because it still sees the message.
        INSERT INTO content_orphan AS o (mailbox_id, content_id)
        SELECT DISTINCT p_mailbox, r.content_id FROM removed r ORDER BY r.content_id
        ON CONFLICT (mailbox_id, content_id) DO UPDATE SET since = excluded.since
    )
    SELECT count(*) AS messages, sum(r.size) AS bytes, sum((r.flags & 1) # 1) AS unseen,
           sum((r.flags >> 3) & 1) AS marked, range_agg(int8range(r.uid, r.uid, '[]')) AS uids
      INTO v_sums
      FROM removed r;
    uids := v_sums.uids;
    IF EXISTS (SELECT FROM pop3_uidl p WHERE p.mailbox_id = p_mailbox AND p.folder_id = p_folder) THEN
        DELETE FROM pop3_uidl p WHERE p.mailbox_id = p_mailbox AND p.folder_id = p_folder AND uids @> p.uid;
    END IF;
    UPDATE folder o
       SET highest_modseq = new_modseq, message_count = f.message_count - v_sums.messages,
           unseen_count = f.unseen_count - v_sums.unseen, deleted_count = f.deleted_count - v_sums.marked,
           size = f.size - v_sums.bytes
     WHERE o.mailbox_id = p_mailbox AND o.folder_id = p_folder;
    PERFORM log_change(p_mailbox, p_folder, new_modseq, 'x', uids);
    UPDATE mailbox_usage u
       SET bytes = u.bytes - v_sums.bytes, messages = u.messages - v_sums.messages
     WHERE u.mailbox_id = p_mailbox;
    outcome := 'expunged';
END
$$;
