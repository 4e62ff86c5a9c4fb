-- Relaying: whose turn it is, who is at it, and what senders are told.

ALTER TABLE queue
    ADD COLUMN delay_notice_at timestamptz;                 -- when the sender hears that it still waits; null: told, or never
CREATE INDEX ON queue (delay_notice_at) WHERE delay_notice_at IS NOT NULL;
CREATE INDEX ON queue (expires_at);
CREATE INDEX ON queue (mailbox_id) WHERE mailbox_id IS NOT NULL;

ALTER TABLE queue_recipient
    ADD COLUMN claim_id bigint,                             -- the queue_claim that has it; null: nobody's
    ADD COLUMN last_host text,                              -- who said last_reply; null: we did
    ADD COLUMN locked_mailbox bigint;                       -- held for as long as this sender's sending is locked
DROP INDEX queue_due_relay;
CREATE INDEX queue_due_relay ON queue_recipient (domain, next_attempt_at)
    WHERE local_mailbox IS NULL AND NOT held AND claim_id IS NULL;
CREATE INDEX ON queue_recipient (claim_id) WHERE claim_id IS NOT NULL;
CREATE INDEX ON queue_recipient (locked_mailbox) WHERE locked_mailbox IS NOT NULL;

-- Messages whose recipients' destinations do not know of them yet. Written with the message, so that no two acceptances
-- ever wait for one popular destination's row.
CREATE TABLE queue_arrival (
    queue_id bigint PRIMARY KEY
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
INSERT INTO queue_arrival (queue_id) SELECT DISTINCT queue_id FROM queue_recipient WHERE local_mailbox IS NULL;

-- Every domain that recipients wait for, and when a worker is to look at it: what is due is found without reading what is not.
CREATE TABLE queue_destination (
    domain     text PRIMARY KEY,
    due_at     timestamptz NOT NULL,                        -- infinity: when a claim is released
    failures   int NOT NULL DEFAULT 0,                      -- in a row, of the whole destination: nobody there answers
    not_before timestamptz                                  -- then it is left alone until
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
CREATE INDEX ON queue_destination (due_at);

-- A worker's hold on recipients of one destination, for as long as it renews the lease.
CREATE SEQUENCE queue_claim_id;
CREATE TABLE queue_claim (
    claim_id    bigint PRIMARY KEY,
    domain      text NOT NULL,
    lease_until timestamptz NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
CREATE INDEX ON queue_claim (domain);
CREATE INDEX ON queue_claim (lease_until);
