-- Accepted messages on their way: to local folders that were locked, or to other hosts.

CREATE SEQUENCE queue_id;

CREATE TABLE queue (
    queue_id      bigint PRIMARY KEY,
    account_id    bigint,                                   -- of the sender; none for mail from outside
    mailbox_id    bigint,
    token_id      bigint,
    trace_id      text NOT NULL,                            -- of the session and message: Received field, logs
    return_path   text NOT NULL,                            -- empty: the null return path
    body_type     text NOT NULL DEFAULT '7BIT' CHECK (body_type IN ('7BIT', '8BITMIME', 'BINARYMIME')),
    smtputf8      boolean NOT NULL DEFAULT false,
    parameters    jsonb NOT NULL DEFAULT '{}',              -- of MAIL: ENVID, RET, …
    accepted_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at    timestamptz NOT NULL,
    size          bigint NOT NULL
);

-- The bytes, apart from the rows that are counted and claimed; gone with the last recipient.
CREATE TABLE queue_content (
    queue_id   bigint PRIMARY KEY,
    content    bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()  -- written before its queue row when large
);
-- Slices of a value that is stored plain are read without reading what is before them.
ALTER TABLE queue_content ALTER COLUMN content SET STORAGE EXTERNAL;

CREATE TABLE queue_recipient (
    queue_id        bigint NOT NULL REFERENCES queue ON DELETE CASCADE,
    recipient_no    int NOT NULL,
    address         text NOT NULL,
    domain          text NOT NULL,
    local_mailbox   bigint,                                 -- set: deliver into that mailbox; null: relay
    parameters      jsonb NOT NULL DEFAULT '{}',            -- of RCPT: NOTIFY, ORCPT
    attempts        int NOT NULL DEFAULT 0,                 -- grows with each claim, and so tells whose claim it is
    next_attempt_at timestamptz NOT NULL DEFAULT clock_timestamp(), -- of a claimed row: when its lease ends
    last_reply      text,                                   -- why it still waits
    held            boolean NOT NULL DEFAULT false,
    PRIMARY KEY (queue_id, recipient_no)
);
CREATE INDEX queue_due_local ON queue_recipient (next_attempt_at) WHERE local_mailbox IS NOT NULL AND NOT held;
CREATE INDEX queue_due_relay ON queue_recipient (domain, next_attempt_at) WHERE local_mailbox IS NULL AND NOT held;
