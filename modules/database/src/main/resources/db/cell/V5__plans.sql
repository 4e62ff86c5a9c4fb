-- Send quotas count messages and recipients side by side, so that a plan may limit either, and both, at any time.

-- Both totals run on from event to event, so a window costs one index probe, whichever of the two it counts.
ALTER TABLE send_usage RENAME COLUMN total TO messages;
ALTER TABLE send_usage ADD COLUMN recipients bigint NOT NULL DEFAULT 0;
UPDATE send_usage SET recipients = messages;

ALTER TABLE send_event RENAME COLUMN cum TO messages;
ALTER TABLE send_event ADD COLUMN recipients bigint;
UPDATE send_event SET recipients = messages;
ALTER TABLE send_event ALTER COLUMN recipients SET NOT NULL, DROP COLUMN weight;
CREATE INDEX ON send_event (subject_kind, subject_id, recipients);

-- Made anew, with other arguments and results, by R__send_quotas.sql.
DROP FUNCTION IF EXISTS
    lock_send_usage(text, bigint),
    take_send_slots(bigint, bigint, int, text[], bigint[], int[], timestamptz),
    send_base(text, bigint, timestamptz),
    send_usage_now(bigint, bigint, text[], bigint[], int[], timestamptz);
