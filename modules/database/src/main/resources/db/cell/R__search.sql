-- The background work of the search index. Nothing here locks a folder, and nothing waits for a client.

-- Contents to extract next; for p_lease they are this caller's alone.
CREATE OR REPLACE FUNCTION search_claim(p_batch int, p_lease interval)
RETURNS TABLE (mailbox_id bigint, content_id bigint)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true); -- a claim that a crash forgets is made again
    RETURN QUERY
        WITH next AS (
            SELECT t.content_id, t.mailbox_id FROM search_todo t
             WHERE t.claimed_until < clock_timestamp()
             ORDER BY t.content_id, t.mailbox_id LIMIT p_batch FOR UPDATE SKIP LOCKED
        )
        UPDATE search_todo t SET claimed_until = clock_timestamp() + p_lease
          FROM next n WHERE t.content_id = n.content_id AND t.mailbox_id = n.mailbox_id
        RETURNING t.mailbox_id, t.content_id;
END
$$;

-- Texts of contents, and that they are indexed. The contents are locked first: one that is swept meanwhile gets none.
CREATE OR REPLACE FUNCTION search_store(
    p_mailboxes bigint[], p_contents bigint[], p_headers bytea[], p_bodies bytea[], p_long boolean[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true); -- what a crash forgets is still to be done after it
    WITH kept AS MATERIALIZED (
        SELECT c.mailbox_id, c.content_id, given.at
          FROM unnest(p_mailboxes, p_contents) WITH ORDINALITY AS given (mailbox_id, content_id, at)
          JOIN content c USING (mailbox_id, content_id)
         ORDER BY c.mailbox_id, c.content_id FOR KEY SHARE OF c
    ), stored AS (
        INSERT INTO search_text (mailbox_id, content_id, header, body)
        SELECT k.mailbox_id, k.content_id, CASE WHEN NOT p_long[k.at] THEN p_headers[k.at] END,
               CASE WHEN NOT p_long[k.at] THEN p_bodies[k.at] END
          FROM kept k
        ON CONFLICT DO NOTHING
        RETURNING mailbox_id, content_id
    )
    INSERT INTO search_open (mailbox_id, content_id) SELECT s.mailbox_id, s.content_id FROM stored s;
    DELETE FROM search_todo t USING unnest(p_mailboxes, p_contents) AS given (mailbox_id, content_id)
     WHERE t.content_id = given.content_id AND t.mailbox_id = given.mailbox_id;
END
$$;

-- One of these mailboxes with a block's worth of open texts; NULL when there is none. Of each, no more texts are looked at.
CREATE OR REPLACE FUNCTION search_full_mailbox_among(p_mailboxes bigint[], p_block int) RETURNS bigint
LANGUAGE sql AS $$
    SELECT m.mailbox_id FROM unnest(p_mailboxes) AS m (mailbox_id)
     WHERE (SELECT count(*) FROM (SELECT FROM search_open o JOIN search_text t USING (mailbox_id, content_id)
                                   WHERE o.mailbox_id = m.mailbox_id AND t.body IS NOT NULL LIMIT p_block) texts) >= p_block
     LIMIT 1
$$;

-- The same of all mailboxes: for a node that has just begun to make blocks.
CREATE OR REPLACE FUNCTION search_full_mailbox(p_block int) RETURNS bigint
LANGUAGE sql AS $$
    SELECT o.mailbox_id FROM search_open o JOIN search_text t USING (mailbox_id, content_id)
     WHERE t.body IS NOT NULL GROUP BY o.mailbox_id HAVING count(*) >= p_block LIMIT 1
$$;

-- Looks at the block that was looked at longest ago, if that is p_pause or more; where less than half of its contents are
-- left it is dissolved, and what is left will come into a new one. Returns whether there was one to look at.
CREATE OR REPLACE FUNCTION search_check_block(p_pause interval) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    b     record;
    v_ids bigint[];
BEGIN
    SELECT x.mailbox_id, x.block_id, x.contents INTO b FROM search_block x
     WHERE x.checked_at < clock_timestamp() - p_pause
     ORDER BY x.checked_at LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    v_ids := ARRAY(SELECT t.content_id
                     FROM generate_series(0, octet_length(b.contents) / 8 - 1) g
                     JOIN search_text t ON t.mailbox_id = b.mailbox_id
                      AND t.content_id = ('x' || encode(substring(b.contents FROM g * 8 + 1 FOR 8), 'hex'))::bit(64)::bigint);
    IF cardinality(v_ids) * 2 < octet_length(b.contents) / 8 THEN
        DELETE FROM search_block x WHERE x.mailbox_id = b.mailbox_id AND x.block_id = b.block_id;
        INSERT INTO search_open (mailbox_id, content_id) SELECT b.mailbox_id, unnest(v_ids) ON CONFLICT DO NOTHING;
    ELSE
        UPDATE search_block x SET checked_at = clock_timestamp()
         WHERE x.mailbox_id = b.mailbox_id AND x.block_id = b.block_id;
    END IF;
    RETURN true;
END
$$;
