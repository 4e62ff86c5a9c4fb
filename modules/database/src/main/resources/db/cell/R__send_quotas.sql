-- Exact rolling windows: an event leaves its window at the moment that is W after it, and each window costs one index
-- probe whatever the history, because every event carries the running totals.

-- Takes the slots of one message to p_recipients in the account's and in the mailbox's windows, or nothing:
--   'taken'; 'locked' sending is locked
--   'never'   quota no. p (from 1) is smaller than the message alone
--   'later'   quota no. p is the one that is free last: used now, and the time from which all would fit. Quotas that refuse
--             go before those that defer: what one of them refuses is not tried again.
-- A quota counts 'messages', 'recipients', or, of a mailbox, 'new-recipients': those to whom it has not written before.
-- unknown: they, of what was taken, in any order. Account before mailbox, the same order everywhere; the rows stay locked until the
-- caller's transaction ends, and whom a mailbox has written to changes only under its account's lock.
DROP FUNCTION IF EXISTS lock_send_usage(text, bigint);
DROP FUNCTION IF EXISTS take_send_slots(bigint, bigint, text[], text[], text[], bigint[], int[], boolean[], timestamptz);
CREATE FUNCTION take_send_slots(
    p_account bigint, p_mailbox bigint, p_recipients text[],
    p_subjects text[], p_countings text[], p_seconds bigint[], p_max int[], p_refuses boolean[], p_now timestamptz,
    OUT result text, OUT quota_no int, OUT used bigint, OUT next_slot timestamptz, OUT unknown text[]
) LANGUAGE plpgsql AS $$
DECLARE
    n int := cardinality(p_recipients);
    account send_usage; -- As the two rows were.
    box send_usage;
    usage send_usage;
    moment timestamptz;
    locked boolean;
    recipient text;
    known_at timestamptz;
    faded boolean := false;
    weight int;
    total bigint;
    width interval;
    taken bigint;
    slot timestamptz;
    decisive timestamptz;
BEGIN
    unknown := '{}';
    -- Taken before it is known whether they may be, and given back where not: to lock and to read first would cost two statements
    -- more. The database's clock is read with the lock, and never runs backwards for one subject.
    LOOP
        UPDATE send_usage u
           SET messages = u.messages + 1, recipients = u.recipients + n,
               last_at = greatest(u.last_at, coalesce(p_now, clock_timestamp()))
         WHERE u.subject_kind = 'account' AND u.subject_id = p_account
        RETURNING old.subject_kind, old.subject_id, old.messages, old.recipients, old.new_recipients, old.last_at, new.last_at
          INTO account.subject_kind, account.subject_id, account.messages, account.recipients, account.new_recipients,
               account.last_at, moment;
        EXIT WHEN FOUND;
        INSERT INTO send_usage (subject_kind, subject_id) VALUES ('account', p_account) ON CONFLICT DO NOTHING;
    END LOOP;
    FOREACH recipient IN ARRAY p_recipients LOOP
        SELECT k.last_at INTO known_at FROM known_recipient k WHERE k.mailbox_id = p_mailbox AND k.address = recipient;
        IF NOT FOUND THEN
            IF recipient <> ALL (unknown) THEN
                unknown := unknown || recipient;
            END IF;
        ELSIF known_at < moment - interval '30 days' THEN
            faded := true;
        END IF;
    END LOOP;
    LOOP
        UPDATE send_usage u
           SET messages = u.messages + 1, recipients = u.recipients + n,
               new_recipients = u.new_recipients + cardinality(unknown), last_at = moment
         WHERE u.subject_kind = 'mailbox' AND u.subject_id = p_mailbox
        RETURNING old.subject_kind, old.subject_id, old.messages, old.recipients, old.new_recipients, old.last_at,
                  EXISTS (SELECT FROM mailbox m WHERE m.mailbox_id = p_mailbox AND m.sending_locked_at IS NOT NULL)
          INTO box.subject_kind, box.subject_id, box.messages, box.recipients, box.new_recipients, box.last_at, locked;
        EXIT WHEN FOUND;
        INSERT INTO send_usage (subject_kind, subject_id) VALUES ('mailbox', p_mailbox) ON CONFLICT DO NOTHING;
    END LOOP;
    IF locked THEN
        result := 'locked';
    END IF;

    FOR i IN 1 .. CASE WHEN locked THEN 0 ELSE cardinality(p_max) END LOOP
        usage := CASE p_subjects[i] WHEN 'account' THEN account ELSE box END;
        weight := CASE p_countings[i] WHEN 'messages' THEN 1 WHEN 'recipients' THEN n ELSE cardinality(unknown) END;
        IF weight > p_max[i] THEN
            result := 'never';
            quota_no := i;
            EXIT;
        END IF;
        total := send_total(usage, p_countings[i]);
        width := p_seconds[i] * interval '1 second';
        taken := total - send_base(usage.subject_kind, usage.subject_id, p_countings[i], moment - width);
        IF weight > 0 AND taken + weight > p_max[i] THEN
            slot := send_time(usage.subject_kind, usage.subject_id, p_countings[i], total + weight - p_max[i], moment - width)
                    + width;
            IF result IS NULL OR (p_refuses[i], slot) > (p_refuses[quota_no], decisive) THEN
                result := 'later';
                quota_no := i;
                used := taken;
                decisive := slot;
            END IF;
            next_slot := greatest(next_slot, slot);
        END IF;
    END LOOP;
    IF result IS NOT NULL THEN
        UPDATE send_usage
           SET messages = account.messages, recipients = account.recipients, last_at = account.last_at
         WHERE subject_kind = 'account' AND subject_id = p_account;
        UPDATE send_usage
           SET messages = box.messages, recipients = box.recipients, new_recipients = box.new_recipients, last_at = box.last_at
         WHERE subject_kind = 'mailbox' AND subject_id = p_mailbox;
        RETURN;
    END IF;

    INSERT INTO send_event (subject_kind, subject_id, messages, recipients, new_recipients, at)
    VALUES ('account', p_account, account.messages + 1, account.recipients + n, 0, moment),
           ('mailbox', p_mailbox, box.messages + 1, box.recipients + n, box.new_recipients + cardinality(unknown), moment);
    IF faded THEN
        UPDATE known_recipient SET last_at = moment
         WHERE mailbox_id = p_mailbox AND address = ANY (p_recipients) AND last_at < moment - interval '30 days';
    END IF;
    IF unknown <> '{}' THEN
        INSERT INTO known_recipient (mailbox_id, address, last_at) SELECT p_mailbox, r, moment FROM unnest(unknown) r;
    END IF;
    result := 'taken';
END $$;

-- Takes the slots of several messages together, or fails with PN001 where anything is in the way of any: for whoever has another way
-- to hear why. A statement for all of each step, for to start as many as a message takes costs more than its rows do.
-- p_kinds, p_ids: the subjects, each once, accounts before mailboxes and each by id, with what they send of p_messages and
-- p_recipients; p_mailboxes and p_addresses: who writes to whom, each pair once; p_subjects (numbers in p_ids), p_countings,
-- p_seconds, p_max: the quotas. One event notes what a subject sends at one moment.
-- Returns the numbers of those pairs whose mailbox has not written to that address before.
CREATE OR REPLACE FUNCTION take_send_slots_together(
    p_kinds text[], p_ids bigint[], p_messages int[], p_recipients int[], p_mailboxes bigint[], p_addresses text[],
    p_subjects int[], p_countings text[], p_seconds bigint[], p_max int[], p_now timestamptz
) RETURNS bigint[] LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    v_counted int;
    v_added int;
    v_unknown bigint[];
    v_faded boolean;
    v_hindered boolean;
BEGIN
    -- In the order given: nested loops keep it.
    UPDATE send_usage u
       SET messages = u.messages + s.messages, recipients = u.recipients + s.recipients,
           last_at = greatest(u.last_at, coalesce(p_now, clock_timestamp()))
      FROM unnest(p_kinds, p_ids, p_messages, p_recipients) AS s (kind, id, messages, recipients)
     WHERE u.subject_kind = s.kind AND u.subject_id = s.id;
    GET DIAGNOSTICS v_counted = ROW_COUNT;
    IF v_counted < cardinality(p_ids) THEN
        -- Some have never sent anything.
        INSERT INTO send_usage (subject_kind, subject_id, messages, recipients, last_at)
        SELECT s.kind, s.id, s.messages, s.recipients, coalesce(p_now, clock_timestamp())
          FROM unnest(p_kinds, p_ids, p_messages, p_recipients) AS s (kind, id, messages, recipients)
         WHERE NOT EXISTS (SELECT FROM send_usage u WHERE u.subject_kind = s.kind AND u.subject_id = s.id)
            ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS v_added = ROW_COUNT;
        IF v_counted + v_added < cardinality(p_ids) THEN
            RAISE EXCEPTION 'somebody else has added a subject' USING ERRCODE = 'PN001';
        END IF;
    END IF;

    -- What follows sees what is committed now that the rows are locked.
    SELECT array_agg(r.no) FILTER (WHERE k.last_at IS NULL),
           bool_or(k.last_at < coalesce(p_now, clock_timestamp()) - interval '30 days')
      INTO v_unknown, v_faded
      FROM unnest(p_mailboxes, p_addresses) WITH ORDINALITY AS r (mailbox_id, address, no)
      LEFT JOIN known_recipient k ON k.mailbox_id = r.mailbox_id AND k.address = r.address;
    IF v_unknown IS NOT NULL THEN
        UPDATE send_usage u SET new_recipients = u.new_recipients + new.n
          FROM (SELECT p_mailboxes[no] AS mailbox_id, count(*) AS n FROM unnest(v_unknown) no GROUP BY 1 ORDER BY 1) new
         WHERE u.subject_kind = 'mailbox' AND u.subject_id = new.mailbox_id;
        INSERT INTO known_recipient (mailbox_id, address, last_at)
        SELECT p_mailboxes[no], p_addresses[no], coalesce(p_now, clock_timestamp()) FROM unnest(v_unknown) no;
    END IF;
    IF v_faded THEN
        UPDATE known_recipient k SET last_at = coalesce(p_now, clock_timestamp())
          FROM unnest(p_mailboxes, p_addresses) AS r (mailbox_id, address)
         WHERE k.mailbox_id = r.mailbox_id AND k.address = r.address
           AND k.last_at < coalesce(p_now, clock_timestamp()) - interval '30 days';
    END IF;

    WITH noted AS (
        INSERT INTO send_event (subject_kind, subject_id, messages, recipients, new_recipients, at)
        SELECT u.subject_kind, u.subject_id, u.messages, u.recipients, u.new_recipients, u.last_at
          FROM unnest(p_kinds, p_ids) AS s (kind, id)
          JOIN send_usage u ON u.subject_kind = s.kind AND u.subject_id = s.id
    )
    SELECT EXISTS (
            SELECT FROM unnest(p_subjects, p_countings, p_seconds, p_max) AS q (subject, counting, seconds, most)
              JOIN send_usage u ON u.subject_kind = p_kinds[q.subject] AND u.subject_id = p_ids[q.subject]
              LEFT JOIN LATERAL (SELECT e.messages, e.recipients, e.new_recipients
                                   FROM send_event e
                                  WHERE e.subject_kind = u.subject_kind AND e.subject_id = u.subject_id
                                    AND e.at <= u.last_at - q.seconds * interval '1 second'
                                  ORDER BY e.at DESC, e.messages DESC
                                  LIMIT 1) base ON true
             WHERE CASE q.counting WHEN 'messages' THEN u.messages - coalesce(base.messages, 0)
                                   WHEN 'recipients' THEN u.recipients - coalesce(base.recipients, 0)
                                   ELSE u.new_recipients - coalesce(base.new_recipients, 0) END > q.most)
        OR EXISTS (SELECT FROM mailbox m WHERE m.mailbox_id = ANY (p_mailboxes) AND m.sending_locked_at IS NOT NULL)
      INTO v_hindered;
    IF v_hindered THEN
        RAISE EXCEPTION 'no slot is taken now' USING ERRCODE = 'PN001';
    END IF;
    RETURN coalesce(v_unknown, '{}');
END $$;

-- The running total of what is counted.
CREATE OR REPLACE FUNCTION send_total(p_usage send_usage, p_counting text) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE p_counting WHEN 'messages' THEN p_usage.messages
                           WHEN 'recipients' THEN p_usage.recipients
                           ELSE p_usage.new_recipients END
$$;

-- The running total of a subject at a moment; 0 when it had sent nothing.
CREATE OR REPLACE FUNCTION send_base(p_kind text, p_id bigint, p_counting text, p_at timestamptz) RETURNS bigint
LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT CASE p_counting WHEN 'messages' THEN e.messages
                                            WHEN 'recipients' THEN e.recipients
                                            ELSE e.new_recipients END
                       FROM send_event e
                      WHERE e.subject_kind = p_kind AND e.subject_id = p_id AND e.at <= p_at
                      ORDER BY e.at DESC, e.messages DESC
                      LIMIT 1), 0)
$$;

-- When a subject's running total reached p_total, which it did after p_since. Totals grow with time, so time is halved, down to the
-- microsecond that it counts in: some forty looks at the index, however far the window is over a quota that was lowered.
DROP FUNCTION IF EXISTS send_time(text, bigint, text, bigint);
CREATE OR REPLACE FUNCTION send_time(p_kind text, p_id bigint, p_counting text, p_total bigint, p_since timestamptz)
RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE
    tick CONSTANT interval := '1 microsecond';
    before bigint := 0; -- In ticks since p_since: there it was less, and
    reached bigint;     -- there it was not.
    half bigint;
BEGIN
    SELECT (extract(epoch FROM e.at - p_since) * 1000000)::bigint INTO reached
      FROM send_event e
     WHERE e.subject_kind = p_kind AND e.subject_id = p_id
     ORDER BY e.at DESC, e.messages DESC
     LIMIT 1;
    WHILE reached - before > 1 LOOP
        half := (before + reached) / 2;
        IF send_base(p_kind, p_id, p_counting, p_since + half * tick) >= p_total THEN
            reached := half;
        ELSE
            before := half;
        END IF;
    END LOOP;
    RETURN p_since + reached * tick;
END $$;

-- Each quota as it stands, in the order given: used in its window, and when a weight of one fits. Locks nothing.
CREATE OR REPLACE FUNCTION send_usage_now(
    p_account bigint, p_mailbox bigint, p_subjects text[], p_countings text[], p_seconds bigint[], p_max int[],
    p_now timestamptz
) RETURNS TABLE (quota_no int, used bigint, next_slot timestamptz) LANGUAGE plpgsql STABLE AS $$
DECLARE
    usage send_usage;
    subject bigint;
    moment timestamptz;
    width interval;
    total bigint;
BEGIN
    FOR i IN 1 .. cardinality(p_max) LOOP
        subject := CASE p_subjects[i] WHEN 'account' THEN p_account ELSE p_mailbox END;
        SELECT * INTO usage FROM send_usage u WHERE u.subject_kind = p_subjects[i] AND u.subject_id = subject;
        moment := greatest(usage.last_at, coalesce(p_now, clock_timestamp()));
        total := coalesce(send_total(usage, p_countings[i]), 0);
        quota_no := i;
        width := p_seconds[i] * interval '1 second';
        used := total - send_base(p_subjects[i], subject, p_countings[i], moment - width);
        next_slot := moment;
        IF used >= p_max[i] THEN
            next_slot := send_time(p_subjects[i], subject, p_countings[i], total + 1 - p_max[i], moment - width) + width;
        END IF;
        RETURN NEXT;
    END LOOP;
END $$;

-- Drops events that no window can need any more, of p_subjects subjects behind (p_kind, p_id): all but the newest of
-- those older than p_longest, which is every longer window's base. At most p_rows for each subject, so that no
-- transaction is long; `removed` = p_rows somewhere means: come again.
CREATE OR REPLACE FUNCTION prune_send_events(
    p_kind text, p_id bigint, p_subjects int, p_rows int, p_longest interval,
    OUT removed bigint, OUT last_kind text, OUT last_id bigint
) LANGUAGE plpgsql AS $$
DECLARE
    usage record;
    keep record;
    n bigint;
BEGIN
    removed := 0;
    FOR usage IN SELECT u.subject_kind, u.subject_id FROM send_usage u
                  WHERE (u.subject_kind, u.subject_id) > (p_kind, p_id)
                  ORDER BY u.subject_kind, u.subject_id
                  LIMIT p_subjects LOOP
        last_kind := usage.subject_kind;
        last_id := usage.subject_id;
        SELECT e.at, e.messages INTO keep FROM send_event e
         WHERE e.subject_kind = usage.subject_kind AND e.subject_id = usage.subject_id
           AND e.at <= clock_timestamp() - p_longest
         ORDER BY e.at DESC, e.messages DESC LIMIT 1;
        IF FOUND THEN
            DELETE FROM send_event e
             WHERE e.subject_kind = usage.subject_kind AND e.subject_id = usage.subject_id
               AND (e.at, e.messages) IN (SELECT old.at, old.messages FROM send_event old
                                           WHERE old.subject_kind = usage.subject_kind AND old.subject_id = usage.subject_id
                                             AND (old.at, old.messages) < (keep.at, keep.messages)
                                           ORDER BY old.at, old.messages
                                           LIMIT p_rows);
            GET DIAGNOSTICS n = ROW_COUNT;
            removed := removed + n;
        END IF;
    END LOOP;
END $$;
