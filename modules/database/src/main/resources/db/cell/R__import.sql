-- Imports: what APPEND does, and in the same transaction that it is done, for messages that may bring UIDs and UIDLs along.

-- Stores messages in the folder of that name, in their order, up to where it takes no more. p_uid_validity and p_uids: what the source
-- has, 0 where they are not to be kept. They are kept in a folder that never held a message, which takes the source's
-- UIDVALIDITY, and in one that has it; a UID that is passed already becomes the next one. One row:
-- outcome        0 all are stored; 10: some keys are there already, nothing was done; else what store_in_folder says
-- used           of that
-- uids           of the messages that are stored, which are the first ones
-- lost_uidls     how many of their UIDLs another message has
CREATE OR REPLACE FUNCTION import_messages(
    p_mailbox bigint, p_name text, p_max_bytes bigint, p_max_messages bigint, p_max_keywords int,
    p_contents bigint[], p_sizes bigint[], p_headers bytea[], p_envelopes bytea[], p_structures bytea[],
    p_previews text[], p_bodies bytea[], p_dates bigint[], p_flags int[], p_keywords text[],
    p_keys uuid[], p_uid_validity bigint, p_uids bigint[], p_uidls text[],
    OUT outcome int, OUT used bigint, OUT folder bigint, OUT modseq bigint, OUT uids bigint[], OUT lost_uidls int)
LANGUAGE plpgsql AS $$
DECLARE
    f        folder;
    n        int := cardinality(p_keys);
    v_keeps  boolean;
    v_next   bigint;
    v_answer bigint[];
    v_rows   int;
    i        int := 1;
    j        int;
BEGIN
    uids := '{}';
    used := 0;
    lost_uidls := 0;
    IF p_uid_validity <> 0 THEN
        -- Before the folder, in the order of all locks: its counter of UIDVALIDITYs may have to step over this one.
        PERFORM FROM mailbox m WHERE m.mailbox_id = p_mailbox FOR NO KEY UPDATE;
    END IF;
    SELECT * INTO f FROM folder o
     WHERE o.mailbox_id = p_mailbox AND o.name = p_name AND o.deleted_at IS NULL FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        outcome := 1;
        RETURN;
    END IF;
    folder := f.folder_id;
    modseq := f.highest_modseq;
    -- Another import of the same source has stored them while this waited for the lock.
    IF EXISTS (SELECT FROM imported m WHERE m.mailbox_id = p_mailbox AND m.key = ANY (p_keys)) THEN
        outcome := 10;
        RETURN;
    END IF;
    IF p_uid_validity <> 0 AND f.uid_next = 1 AND f.uid_validity <> p_uid_validity THEN
        -- No client has ever seen a UID of this folder.
        UPDATE folder o SET uid_validity = p_uid_validity
         WHERE o.mailbox_id = p_mailbox AND o.folder_id = f.folder_id;
        UPDATE mailbox m SET uid_validity_next = greatest(m.uid_validity_next, p_uid_validity + 1)
         WHERE m.mailbox_id = p_mailbox;
        f.uid_validity := p_uid_validity;
    END IF;
    v_keeps := f.uid_validity = p_uid_validity;
    v_next := f.uid_next;

    -- In runs of UIDs that follow each other: append_to_folder takes them from the folder.
    WHILE i <= n LOOP
        IF v_keeps AND p_uids[i] > v_next THEN
            v_next := p_uids[i];
            UPDATE folder o SET uid_next = v_next WHERE o.mailbox_id = p_mailbox AND o.folder_id = f.folder_id;
        END IF;
        j := i;
        WHILE j < n AND (NOT v_keeps OR p_uids[j + 1] <= v_next + j - i + 1) LOOP
            j := j + 1;
        END LOOP;
        v_answer := append_to_folder(
            p_mailbox, p_name, p_max_bytes, p_max_messages, p_max_keywords, p_contents[i:j], p_sizes[i:j],
            p_headers[i:j], p_envelopes[i:j], p_structures[i:j], p_previews[i:j], p_bodies[i:j], p_dates[i:j],
            p_flags[i:j], p_keywords[i:j]);
        IF v_answer[1] <> 0 THEN
            outcome := v_answer[1];
            used := v_answer[6];
            RETURN;
        END IF;
        modseq := v_answer[5];
        INSERT INTO imported (mailbox_id, key, folder_id, uid, flags, keywords)
        SELECT p_mailbox, p_keys[k], f.folder_id, v_next + k - i, p_flags[k], string_to_array(p_keywords[k], ' ')
          FROM generate_series(i, j) k;
        -- What this folder calls a message without a UIDL of its own is no UIDL for another one, now or later.
        INSERT INTO pop3_uidl (mailbox_id, folder_id, uid, uidl)
        SELECT p_mailbox, f.folder_id, v_next + k - i, p_uidls[k]
          FROM generate_series(i, j) k
         WHERE p_uidls[k] <> '' AND p_uidls[k] !~ ('^' || f.uid_validity || '\.[0-9]+$')
            ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS v_rows = ROW_COUNT;
        lost_uidls := lost_uidls - v_rows + (
            SELECT count(*) FROM generate_series(i, j) k
             WHERE p_uidls[k] <> '' AND p_uidls[k] <> f.uid_validity || '.' || v_next + k - i);
        uids := uids || ARRAY(SELECT v_next + k - i FROM generate_series(i, j) k);
        v_next := v_next + j - i + 1;
        i := j + 1;
    END LOOP;
    outcome := 0;
END
$$;
