-- Changes of the messages of folders, one round trip each; those that come are in R__mailstore_arrivals.sql. The first
-- statement of each locks the folder rows, in the order of (mailbox_id, folder_id), unless it waits for none; what is decided
-- is decided in later statements, or from the locked row itself. mailbox_usage comes last among the locks. A function whose
-- signature changes gets a new name: nodes of the release before may still call the old one.

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
    v_stays    smallint := CASE p_mode WHEN 'r' THEN p_kept WHEN 'a' THEN -1 ELSE ~p_bits END; -- Of the flags as they are.
    v_set      smallint := CASE p_mode WHEN 'd' THEN 0 ELSE p_bits END;
    v_touches  boolean := p_mode = 'r' AND NOT p_keeps_words OR p_keywords <> '{}';
    v_newest   bigint := coalesce(p_unchanged_since, 9223372036854775807); -- None newer than that is touched.
    v_modified int8multirange := '{}';
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
    IF p_mode = 'a' AND v_touches AND EXISTS (
            SELECT FROM unnest(p_uids) r CROSS JOIN LATERAL
                   (SELECT x.keywords FROM message x
                     WHERE x.mailbox_id = p_mailbox AND x.folder_id = p_folder AND x.uid >= lower(r) AND x.uid < upper(r)
                       AND x.modseq <= v_newest OFFSET 0) m
             WHERE NOT m.keywords @> v_spelled
               AND cardinality(changed_keywords(m.keywords, p_mode, v_spelled)) > p_max_message_keywords) THEN
        RETURN QUERY SELECT 'keywords', 0::bigint, NULL::int8multirange, 0, NULL::text[], NULL::int8multirange,
                            p_max_message_keywords;
        RETURN;
    END IF;

    v_modseq := f.highest_modseq + 1;
    -- Only what will be different. Row addresses stay true until the update: whoever changes messages locks the folder. What
    -- is counted is counted by groups of rows alike, and UIDs without a gap are a range at once: of 20,000 rows each step
    -- more for a row is a millisecond or two.
    WITH changed AS (
        UPDATE message AS x
           SET flags = x.flags & v_stays | v_set,
               keywords = CASE WHEN v_touches THEN changed_keywords(x.keywords, p_mode, v_spelled)
                               ELSE x.keywords END,
               modseq = v_modseq
         WHERE x.ctid = ANY (ARRAY(
               SELECT m.ctid
                 FROM unnest(p_uids) r CROSS JOIN LATERAL
                      (SELECT o.ctid FROM message o
                        WHERE o.mailbox_id = p_mailbox AND o.folder_id = p_folder AND o.uid >= lower(r) AND o.uid < upper(r)
                          AND o.modseq <= v_newest
                          AND (o.flags <> (o.flags & v_stays | v_set)
                               OR v_touches AND o.keywords <> changed_keywords(o.keywords, p_mode, v_spelled))
                       OFFSET 0) m))
        RETURNING new.uid, old.flags AS was, new.flags AS bits, array_to_string(new.keywords, ' ') AS words
    ), alike AS (
        SELECT c.was, c.bits, c.words, count(*) AS messages,
               CASE WHEN max(c.uid) - min(c.uid) = count(*) - 1
                    THEN int8multirange(int8range(min(c.uid), max(c.uid), '[]'))
                    ELSE (SELECT range_agg(int8range(u, u, '[]')) FROM unnest(array_agg(c.uid)) u) END AS uids
          FROM changed c
         GROUP BY c.was, c.bits, c.words
    ), now_alike AS (
        SELECT a.bits, a.words, range_agg(a.uids) AS uids, sum(a.messages * ((a.was & 1) - (a.bits & 1))) AS unseen,
               sum(a.messages * (((a.bits >> 3) & 1) - ((a.was >> 3) & 1))) AS marked
          FROM alike a
         GROUP BY a.bits, a.words
    )
    SELECT array_agg(g.bits) AS bits, array_agg(g.words) AS words, array_agg(g.uids) AS uids,
           range_agg(g.uids) AS all_uids, sum(g.unseen) AS unseen, sum(g.marked) AS marked
      INTO v_groups
      FROM now_alike g;
    IF v_groups.bits IS NULL THEN
        RETURN QUERY SELECT 'stored', f.highest_modseq, v_modified, 0, NULL::text[], NULL::int8multirange, 0;
        RETURN;
    END IF;
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
