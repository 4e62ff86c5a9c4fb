-- Exact rolling windows: an event leaves its window at the moment that is W after it, and each window costs one index
-- probe whatever the history, because every event carries the running total.

-- Locks and reads one usage row, which is made when it is missing.
CREATE OR REPLACE FUNCTION lock_send_usage(p_kind text, p_id bigint, OUT total bigint, OUT last_at timestamptz)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    usage send_usage;
BEGIN
    SELECT * INTO usage FROM send_usage WHERE subject_kind = p_kind AND subject_id = p_id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        INSERT INTO send_usage (subject_kind, subject_id) VALUES (p_kind, p_id) ON CONFLICT DO NOTHING;
        SELECT * INTO usage FROM send_usage WHERE subject_kind = p_kind AND subject_id = p_id FOR NO KEY UPDATE;
    END IF;
    lock_send_usage.total := usage.total;
    lock_send_usage.last_at := usage.last_at;
END $$;

-- Takes p_weight slots of the account's and of the mailbox's windows, or nothing:
--   'taken'; 'locked' sending is locked
--   'never'   quota no. p (from 1) is smaller than the weight alone
--   'later'   quota no. p is the one that is free last: used now, and the time from which all would fit
-- Account before mailbox, the same order everywhere; the rows stay locked until the caller's transaction ends.
CREATE OR REPLACE FUNCTION take_send_slots(
    p_account bigint, p_mailbox bigint, p_weight int,
    p_subjects text[], p_seconds bigint[], p_max int[], p_now timestamptz,
    OUT result text, OUT quota_no int, OUT used bigint, OUT next_slot timestamptz
) LANGUAGE plpgsql AS $$
DECLARE
    account record;
    box record;
    moment timestamptz;
    subject bigint;
    total bigint;
    base bigint;
    slot timestamptz;
BEGIN
    FOR i IN 1 .. cardinality(p_max) LOOP
        IF p_weight > p_max[i] THEN
            result := 'never';
            quota_no := i;
            RETURN;
        END IF;
    END LOOP;

    PERFORM FROM mailbox WHERE mailbox_id = p_mailbox AND sending_locked_at IS NOT NULL;
    IF FOUND THEN
        result := 'locked';
        RETURN;
    END IF;

    SELECT * INTO account FROM lock_send_usage('account', p_account);
    SELECT * INTO box FROM lock_send_usage('mailbox', p_mailbox);
    -- The database's clock, read once and after the locks; it never runs backwards for one subject.
    moment := greatest(account.last_at, box.last_at, coalesce(p_now, clock_timestamp()));

    FOR i IN 1 .. cardinality(p_max) LOOP
        IF p_subjects[i] = 'account' THEN
            subject := p_account;
            total := account.total;
        ELSE
            subject := p_mailbox;
            total := box.total;
        END IF;
        base := coalesce(send_base(p_subjects[i], subject, moment - p_seconds[i] * interval '1 second'), 0);
        IF total + p_weight - base > p_max[i] THEN
            SELECT e.at + p_seconds[i] * interval '1 second' INTO slot
              FROM send_event e
             WHERE e.subject_kind = p_subjects[i] AND e.subject_id = subject AND e.cum >= total + p_weight - p_max[i]
             ORDER BY e.cum
             LIMIT 1;
            IF next_slot IS NULL OR slot > next_slot THEN
                result := 'later';
                quota_no := i;
                used := total - base;
                next_slot := slot;
            END IF;
        END IF;
    END LOOP;
    IF result IS NOT NULL THEN
        RETURN;
    END IF;

    UPDATE send_usage SET total = account.total + p_weight, last_at = moment
     WHERE subject_kind = 'account' AND subject_id = p_account;
    UPDATE send_usage SET total = box.total + p_weight, last_at = moment
     WHERE subject_kind = 'mailbox' AND subject_id = p_mailbox;
    INSERT INTO send_event (subject_kind, subject_id, cum, at, weight)
    VALUES ('account', p_account, account.total + p_weight, moment, p_weight),
           ('mailbox', p_mailbox, box.total + p_weight, moment, p_weight);
    result := 'taken';
END $$;

-- The running total of a subject at a moment; NULL when it had sent nothing.
CREATE OR REPLACE FUNCTION send_base(p_kind text, p_id bigint, p_at timestamptz) RETURNS bigint
LANGUAGE sql STABLE AS $$
    SELECT e.cum FROM send_event e
     WHERE e.subject_kind = p_kind AND e.subject_id = p_id AND e.at <= p_at
     ORDER BY e.at DESC, e.cum DESC
     LIMIT 1
$$;

-- Each quota as it stands, in the order given: used in its window, and when a weight of one fits. Locks nothing.
CREATE OR REPLACE FUNCTION send_usage_now(
    p_account bigint, p_mailbox bigint, p_subjects text[], p_seconds bigint[], p_max int[], p_now timestamptz
) RETURNS TABLE (quota_no int, used bigint, next_slot timestamptz) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
    moment timestamptz;
    subject bigint;
    running bigint;
BEGIN
    FOR i IN 1 .. cardinality(p_max) LOOP
        subject := CASE p_subjects[i] WHEN 'account' THEN p_account ELSE p_mailbox END;
        running := 0;
        moment := coalesce(p_now, clock_timestamp());
        SELECT u.total, greatest(u.last_at, moment) INTO running, moment
          FROM send_usage u WHERE u.subject_kind = p_subjects[i] AND u.subject_id = subject;
        IF NOT FOUND THEN
            running := 0;
            moment := coalesce(p_now, clock_timestamp());
        END IF;
        quota_no := i;
        used := running - coalesce(send_base(p_subjects[i], subject, moment - p_seconds[i] * interval '1 second'), 0);
        next_slot := moment;
        IF used >= p_max[i] THEN
            SELECT e.at + p_seconds[i] * interval '1 second' INTO next_slot
              FROM send_event e
             WHERE e.subject_kind = p_subjects[i] AND e.subject_id = subject AND e.cum > running - p_max[i]
             ORDER BY e.cum
             LIMIT 1;
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
    keep bigint;
    n bigint;
BEGIN
    removed := 0;
    FOR usage IN SELECT u.subject_kind, u.subject_id FROM send_usage u
                  WHERE (u.subject_kind, u.subject_id) > (p_kind, p_id)
                  ORDER BY u.subject_kind, u.subject_id
                  LIMIT p_subjects LOOP
        last_kind := usage.subject_kind;
        last_id := usage.subject_id;
        keep := send_base(usage.subject_kind, usage.subject_id, clock_timestamp() - p_longest);
        IF keep IS NOT NULL THEN
            DELETE FROM send_event e
             WHERE e.subject_kind = usage.subject_kind AND e.subject_id = usage.subject_id
               AND e.cum IN (SELECT old.cum FROM send_event old
                              WHERE old.subject_kind = usage.subject_kind AND old.subject_id = usage.subject_id
                                AND old.cum < keep
                              ORDER BY old.cum
                              LIMIT p_rows);
            GET DIAGNOSTICS n = ROW_COUNT;
            removed := removed + n;
        END IF;
    END LOOP;
END $$;
