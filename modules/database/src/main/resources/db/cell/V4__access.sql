-- Access switches, the rules of POP3, abuse, and who is told of what happens.

-- What POP3 removed and IMAP still shows, found without reading the rest; in_pop3 changes once at most.
CREATE INDEX message_out_of_pop3 ON message (mailbox_id, folder_id, uid) WHERE NOT in_pop3;

-- When each mailbox was last opened by POP3, for LOGIN-DELAY. Unlogged, as all that a login writes: after a crash of the
-- database everybody may check once.
CREATE UNLOGGED TABLE pop3_login (
    mailbox_id bigint PRIMARY KEY,
    at         timestamptz NOT NULL
) WITH (fillfactor = 50);
CREATE INDEX ON pop3_login (at);

-- What may turn out to be abuse: at most a threshold's number of subjects for each kind and mailbox.
CREATE UNLOGGED TABLE abuse_sign (
    mailbox_id bigint NOT NULL,
    kind       text NOT NULL,                               -- AbuseSign
    subject    text NOT NULL,                               -- a recipient, a client network: each counts once
    token_id   bigint NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (mailbox_id, kind, subject)
);
CREATE INDEX ON abuse_sign (at);

-- Events that the webhook still has to tell.
CREATE TABLE webhook_event (
    event_id bigint PRIMARY KEY REFERENCES event ON DELETE CASCADE,
    due_at   timestamptz NOT NULL DEFAULT clock_timestamp(), -- of a claimed one: when its lease ends
    attempts int NOT NULL DEFAULT 0
);
CREATE INDEX ON webhook_event (due_at);
