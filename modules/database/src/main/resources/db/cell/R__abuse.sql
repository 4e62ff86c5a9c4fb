-- Notes signs of abuse of one kind, each subject once in the window, and says how many different subjects the window has
-- now, and which token caused most of them. Bounded: more than p_max of them are not kept, they are too many already.
CREATE OR REPLACE FUNCTION note_abuse_signs(
    p_mailbox bigint, p_token bigint, p_kind text, p_subjects text[], p_window interval, p_max int,
    OUT seen int, OUT culprit bigint, OUT culprit_name text
) LANGUAGE plpgsql AS $$
DECLARE
    since timestamptz;
BEGIN
    -- 1346454355 is this lock's class: one mailbox's signs are counted by one at a time, so that none is missed. Only
    -- unlogged rows are written: no flush.
    PERFORM pg_advisory_xact_lock(1346454355, hashint8(p_mailbox));
    since := clock_timestamp() - p_window;

    DELETE FROM abuse_sign s WHERE s.mailbox_id = p_mailbox AND s.kind = p_kind AND s.at <= since;
    SELECT count(*) INTO seen FROM abuse_sign s WHERE s.mailbox_id = p_mailbox AND s.kind = p_kind;
    INSERT INTO abuse_sign AS s (mailbox_id, kind, subject, token_id, at)
    SELECT p_mailbox, p_kind, subject, p_token, clock_timestamp()
      FROM (SELECT DISTINCT subject FROM unnest(p_subjects) subject) fresh
     LIMIT greatest(p_max + 1 - seen, 0)
        ON CONFLICT (mailbox_id, kind, subject) DO UPDATE SET at = excluded.at, token_id = excluded.token_id;
    SELECT count(*) INTO seen FROM abuse_sign s WHERE s.mailbox_id = p_mailbox AND s.kind = p_kind;

    SELECT s.token_id INTO culprit FROM abuse_sign s
     WHERE s.mailbox_id = p_mailbox AND s.kind = p_kind
     GROUP BY s.token_id ORDER BY count(*) DESC, s.token_id DESC LIMIT 1;
    SELECT t.name INTO culprit_name FROM client_token t WHERE t.token_id = culprit;
END $$;
