-- POP3's own rules: one session at a time, a delay between logins, a copy kept of what is removed.

-- QUIT where the mailbox keeps a copy: takes messages out of POP3's view and leaves them to IMAP, which notices nothing, so
-- there is no new modseq. False: the mailbox keeps none, and nothing was done.
CREATE OR REPLACE FUNCTION hide_from_pop3(p_mailbox bigint, p_folder bigint, p_uids int8multirange) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM mailbox m WHERE m.mailbox_id = p_mailbox AND m.pop3_keeps_copy;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM FROM folder o WHERE o.mailbox_id = p_mailbox AND o.folder_id = p_folder FOR NO KEY UPDATE;
    -- Row addresses stay true until the update: whoever changes messages locks the folder.
    UPDATE message SET in_pop3 = false
     WHERE ctid = ANY (ARRAY(
        SELECT m.ctid
          FROM unnest(p_uids) r CROSS JOIN LATERAL
               (SELECT x.ctid FROM message x
                 WHERE x.mailbox_id = p_mailbox AND x.folder_id = p_folder AND x.uid >= lower(r) AND x.uid < upper(r)
                   AND x.in_pop3 OFFSET 0) m));
    RETURN true;
END $$;

-- A login was let in: the delay before the next one begins.
CREATE OR REPLACE FUNCTION note_pop3_login(p_mailbox bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO pop3_login (mailbox_id, at) VALUES (p_mailbox, clock_timestamp())
        ON CONFLICT (mailbox_id) DO UPDATE SET at = excluded.at;
$$;

-- open_connection for POP3, with the same answers, and before them:
--   'in-use'        the plan has one session at a time, and there is one
--   'login-delay'   the last login was less than p_delay ago; wait_seconds are left. One that waits for a slot counts as a
--                   login meanwhile, and no more when it has waited in vain
CREATE OR REPLACE FUNCTION open_pop3_connection(
    p_node uuid, p_mailbox bigint, p_token bigint, p_client inet, p_network inet, p_exempt boolean,
    p_session text, p_max_network int, p_max_mailbox int, p_max_token int, p_end_idle boolean, p_channel text,
    p_single boolean, p_delay interval,
    OUT result text, OUT opened bigint, OUT reached text, OUT open_now int, OUT wait_seconds int
) LANGUAGE plpgsql SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$ -- As in R__connections.sql.
DECLARE
    until timestamptz;
BEGIN
    -- The lock of open_connection, which takes it again: one login of the mailbox at a time from here to commit.
    PERFORM pg_advisory_xact_lock(1346454354, hashint8(p_mailbox));

    IF p_single THEN
        -- From exempt networks too: this is no cap, the maildrop has one owner (RFC 1939 §4).
        PERFORM FROM connection c
          WHERE c.mailbox_id = p_mailbox AND c.protocol = 'pop3'
            AND (SELECT n.lease_until > clock_timestamp() FROM node n WHERE n.node_id = c.node_id);
        IF FOUND THEN
            result := 'in-use';
            RETURN;
        END IF;
    END IF;

    SELECT greatest((SELECT l.at FROM pop3_login l WHERE l.mailbox_id = p_mailbox),
                    (SELECT max(c.opened_at) FROM connection c
                      WHERE c.mailbox_id = p_mailbox AND c.protocol = 'pop3' AND c.waits_for IS NOT NULL)) + p_delay
      INTO until;
    IF until > clock_timestamp() THEN
        result := 'login-delay';
        wait_seconds := ceil(extract(epoch FROM until - clock_timestamp()));
        RETURN;
    END IF;

    SELECT o.result, o.opened, o.reached, o.open_now INTO result, opened, reached, open_now
      FROM open_connection(p_node, p_mailbox, p_token, 'pop3', p_client, p_network, p_exempt, p_session,
                           p_max_network, p_max_mailbox, p_max_token, p_end_idle, p_channel) o;
    IF result = 'opened' AND p_delay > interval '0' THEN
        PERFORM note_pop3_login(p_mailbox);
    END IF;
END $$;
