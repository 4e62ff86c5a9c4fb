-- The relay queue. Lock order: arrivals, the destination's row, recipients, the message. Locks are taken in one statement and
-- decisions made in the next.

-- What jsonb_object makes an object of, in reverse: name, value, name, value, …
CREATE OR REPLACE FUNCTION parameter_pairs(p_parameters jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(array_agg(word ORDER BY key, place), '{}')
      FROM jsonb_each_text(p_parameters) each (key, value),
           LATERAL (VALUES (1, key), (2, value)) pair (place, word)
$$;

-- Tells the destinations of new messages that somebody waits for them. DELIVERBY with return (RFC 2852 §4.1.4) is an earlier
-- expiry, with notice an earlier delay notice.
CREATE OR REPLACE FUNCTION dispatch_arrivals(p_most int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    ids bigint[];
BEGIN
    WITH taken AS MATERIALIZED (
        SELECT queue_id FROM queue_arrival ORDER BY queue_id LIMIT p_most FOR UPDATE SKIP LOCKED),
    gone AS (
        DELETE FROM queue_arrival a USING taken WHERE a.queue_id = taken.queue_id RETURNING a.queue_id)
    SELECT array_agg(queue_id) INTO ids FROM gone;
    IF ids IS NULL THEN
        RETURN 0;
    END IF;

    UPDATE queue q
       SET expires_at = CASE WHEN by.asked[2] = 'R' THEN least(q.expires_at, by.until) ELSE q.expires_at END,
           delay_notice_at = CASE WHEN by.asked[2] = 'N' THEN least(q.delay_notice_at, by.until) ELSE q.delay_notice_at END
      FROM (SELECT queue_id, asked, accepted_at + asked[1]::int * interval '1 second' AS until
              FROM queue, LATERAL regexp_match(parameters ->> 'BY', '^(-?[0-9]{1,9});([RN])') asked
             WHERE queue_id = ANY (ids) AND parameters ? 'BY') by
     WHERE q.queue_id = by.queue_id;

    INSERT INTO queue_destination AS d (domain, due_at)
    SELECT r.domain, min(r.next_attempt_at)
      FROM queue_recipient r
     WHERE r.queue_id = ANY (ids) AND r.local_mailbox IS NULL AND NOT r.held AND r.claim_id IS NULL
     GROUP BY r.domain
     ORDER BY r.domain
        ON CONFLICT (domain) DO UPDATE SET due_at = least(d.due_at, greatest(excluded.due_at, d.not_before));
    RETURN cardinality(ids);
END $$;

-- When a worker is to look at the destination next. The caller has locked its row in a statement before.
CREATE OR REPLACE FUNCTION settle_destination(p_domain text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    next timestamptz;
BEGIN
    SELECT min(next_attempt_at) INTO next FROM queue_recipient
     WHERE domain = p_domain AND local_mailbox IS NULL AND NOT held AND claim_id IS NULL;
    IF next IS NOT NULL THEN
        -- Not sooner than now: the destinations that are due take turns.
        UPDATE queue_destination SET due_at = greatest(next, not_before, clock_timestamp()) WHERE domain = p_domain;
    ELSIF EXISTS (SELECT FROM queue_claim WHERE domain = p_domain) THEN
        UPDATE queue_destination SET due_at = 'infinity' WHERE domain = p_domain;
    ELSE
        DELETE FROM queue_destination WHERE domain = p_domain;
    END IF;
END $$;

-- Gives the claim the recipients that are due, those of locked senders aside: they are held until the lock is gone.
CREATE OR REPLACE FUNCTION take_due(p_claim bigint, p_domain text, p_most int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    now timestamptz := clock_timestamp(); -- A volatile function in the condition would keep the index from being used.
    taken int;
BEGIN
    WITH due AS MATERIALIZED (
        SELECT queue_id, recipient_no FROM queue_recipient
         WHERE domain = p_domain AND local_mailbox IS NULL AND NOT held AND claim_id IS NULL AND next_attempt_at <= now
         ORDER BY next_attempt_at
         LIMIT p_most
           FOR NO KEY UPDATE SKIP LOCKED),
    judged AS (
        SELECT due.queue_id, due.recipient_no, m.mailbox_id AS locked
          FROM due JOIN queue q USING (queue_id)
          LEFT JOIN mailbox m ON m.mailbox_id = q.mailbox_id AND m.sending_locked_at IS NOT NULL),
    changed AS (
        UPDATE queue_recipient r
           SET held = judged.locked IS NOT NULL,
               locked_mailbox = judged.locked,
               claim_id = CASE WHEN judged.locked IS NULL THEN p_claim END
          FROM judged
         WHERE r.queue_id = judged.queue_id AND r.recipient_no = judged.recipient_no
        RETURNING r.claim_id)
    SELECT count(*) INTO taken FROM changed WHERE claim_id IS NOT NULL;
    RETURN taken;
END $$;

-- Claims recipients of the destination whose turn it is, and that has fewer claims than it may; of one that last failed as a
-- whole, one at a time. None: nothing is due.
CREATE OR REPLACE FUNCTION claim_relay(
    p_recipients int, p_per_destination int, p_lease interval, p_looks int,
    OUT claim bigint, OUT destination text, OUT failures int
) LANGUAGE plpgsql AS $$
DECLARE
    now timestamptz;
    found_one queue_destination;
    running int;
    soonest timestamptz;
BEGIN
    FOR look IN 1 .. p_looks LOOP
        now := clock_timestamp();
        SELECT * INTO found_one FROM queue_destination d
         WHERE d.due_at <= now ORDER BY d.due_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED;
        EXIT WHEN NOT FOUND;

        SELECT count(*), min(c.lease_until) INTO running, soonest FROM queue_claim c
         WHERE c.domain = found_one.domain AND c.lease_until > now;
        IF running >= (CASE WHEN found_one.failures > 0 THEN 1 ELSE p_per_destination END) THEN
            UPDATE queue_destination d SET due_at = soonest WHERE d.domain = found_one.domain; -- A release makes it sooner.
            CONTINUE;
        END IF;

        claim := nextval('queue_claim_id');
        IF take_due(claim, found_one.domain, p_recipients) > 0 THEN
            destination := found_one.domain;
            failures := found_one.failures;
            INSERT INTO queue_claim (claim_id, domain, lease_until) VALUES (claim, destination, clock_timestamp() + p_lease);
            PERFORM settle_destination(destination);
            RETURN;
        END IF;
        PERFORM settle_destination(found_one.domain);
    END LOOP;
    claim := NULL;
END $$;

-- Ends a claim; what of it is not settled comes due again. reached: somebody there answered. unreachable: nobody did, and the
-- destination is left alone for the pause. untried: neither is known.
CREATE OR REPLACE FUNCTION release_relay(p_claim bigint, p_outcome text, p_pause interval) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    destination text;
BEGIN
    SELECT domain INTO destination FROM queue_claim WHERE claim_id = p_claim;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    PERFORM FROM queue_destination WHERE domain = destination FOR NO KEY UPDATE;
    DELETE FROM queue_claim WHERE claim_id = p_claim;
    UPDATE queue_recipient SET claim_id = NULL WHERE claim_id = p_claim;
    IF p_outcome = 'reached' THEN
        UPDATE queue_destination SET failures = 0, not_before = NULL WHERE domain = destination AND failures > 0;
    ELSIF p_outcome = 'unreachable' THEN
        UPDATE queue_destination SET failures = failures + 1, not_before = clock_timestamp() + p_pause
         WHERE domain = destination;
    END IF;
    PERFORM settle_destination(destination);
END $$;

-- Ends the claims of workers that are no more.
CREATE OR REPLACE FUNCTION reap_claims(p_most int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    dead record;
    reaped int := 0;
BEGIN
    FOR dead IN SELECT claim_id, domain FROM queue_claim WHERE lease_until < clock_timestamp() ORDER BY domain LIMIT p_most LOOP
        PERFORM FROM queue_destination WHERE domain = dead.domain FOR NO KEY UPDATE;
        -- Renewed meanwhile: its worker lives.
        IF EXISTS (SELECT FROM queue_claim WHERE claim_id = dead.claim_id AND lease_until < clock_timestamp()) THEN
            PERFORM release_relay(dead.claim_id, 'untried', NULL);
            reaped := reaped + 1;
        END IF;
    END LOOP;
    RETURN reaped;
END $$;

-- Lets go what was held for locked senders whose sending is unlocked again.
CREATE OR REPLACE FUNCTION release_unlocked(p_most int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    ids bigint[];
BEGIN
    WITH RECURSIVE locked AS ( -- One probe for each sender, not a look at each recipient.
        (SELECT locked_mailbox FROM queue_recipient WHERE locked_mailbox IS NOT NULL ORDER BY locked_mailbox LIMIT 1)
        UNION ALL
        SELECT (SELECT r.locked_mailbox FROM queue_recipient r
                 WHERE r.locked_mailbox > l.locked_mailbox ORDER BY r.locked_mailbox LIMIT 1)
          FROM locked l WHERE l.locked_mailbox IS NOT NULL),
    free AS MATERIALIZED (
        SELECT r.queue_id, r.recipient_no
          FROM locked JOIN queue_recipient r ON r.locked_mailbox = locked.locked_mailbox
         WHERE NOT EXISTS (SELECT FROM mailbox m
                            WHERE m.mailbox_id = locked.locked_mailbox AND m.sending_locked_at IS NOT NULL)
         LIMIT p_most
           FOR NO KEY UPDATE OF r SKIP LOCKED),
    released AS (
        UPDATE queue_recipient r SET held = false, locked_mailbox = NULL, next_attempt_at = clock_timestamp()
          FROM free WHERE r.queue_id = free.queue_id AND r.recipient_no = free.recipient_no
        RETURNING r.queue_id)
    SELECT array_agg(DISTINCT queue_id) INTO ids FROM released;
    IF ids IS NULL THEN
        RETURN 0;
    END IF;
    INSERT INTO queue_arrival (queue_id) SELECT unnest(ids) ON CONFLICT DO NOTHING;
    RETURN cardinality(ids);
END $$;
