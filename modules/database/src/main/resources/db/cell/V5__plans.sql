-- Send quotas count messages, recipients and new recipients side by side, so that a plan may limit any of them at any time.

-- All totals run on from event to event, so a window costs one index probe, whichever it counts.
ALTER TABLE send_usage RENAME COLUMN total TO messages;
ALTER TABLE send_usage
    ADD COLUMN recipients bigint NOT NULL DEFAULT 0,
    ADD COLUMN new_recipients bigint NOT NULL DEFAULT 0;    -- of a mailbox alone
UPDATE send_usage SET recipients = messages;

ALTER TABLE send_event RENAME COLUMN cum TO messages;
ALTER TABLE send_event
    ADD COLUMN recipients bigint,
    ADD COLUMN new_recipients bigint NOT NULL DEFAULT 0;
UPDATE send_event SET recipients = messages;
ALTER TABLE send_event ALTER COLUMN recipients SET NOT NULL, DROP COLUMN weight;
CREATE INDEX ON send_event (subject_kind, subject_id, recipients);
CREATE INDEX ON send_event (subject_id, new_recipients) WHERE subject_kind = 'mailbox';

-- To whom a mailbox has written. Forgotten when it has not for a long time.
CREATE TABLE known_recipient (
    mailbox_id bigint NOT NULL,
    address    text NOT NULL,                               -- folded
    last_at    timestamptz NOT NULL,                        -- a month late at most
    PRIMARY KEY (mailbox_id, address)
);
CREATE INDEX ON known_recipient (last_at);

-- Made anew, with other arguments and results, by R__send_quotas.sql.
DROP FUNCTION IF EXISTS
    lock_send_usage(text, bigint),
    take_send_slots(bigint, bigint, int, text[], bigint[], int[], timestamptz),
    send_base(text, bigint, timestamptz),
    send_usage_now(bigint, bigint, text[], bigint[], int[], timestamptz);

-- When a client was last heard of, as its node says with each heartbeat where the plan asks for it; and whose slot a
-- connection is to get: it counts from the moment at which that one has closed.
ALTER TABLE connection
    ADD COLUMN active_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ADD COLUMN waits_for bigint;
CREATE INDEX ON connection (waits_for) WHERE waits_for IS NOT NULL;
DROP FUNCTION IF EXISTS
    open_connection(uuid, bigint, bigint, text, inet, inet, boolean, text, int, int),
    leave_node(uuid);
