-- Folders, messages, contents and the change log.

CREATE TABLE folder (
    mailbox_id     bigint NOT NULL,
    folder_id      bigint NOT NULL,                         -- mailbox.folder_id_next
    name           text NOT NULL,                           -- full name, levels joined by '/'
    special_use    text,
    uid_validity   bigint NOT NULL,
    uid_next       bigint NOT NULL DEFAULT 1 CHECK (uid_next <= 4294967296),
    highest_modseq bigint NOT NULL DEFAULT 1,
    log_floor      bigint NOT NULL DEFAULT 1,               -- folder_change is whole above this modseq
    expunge_floor  bigint NOT NULL DEFAULT 1,               -- and of expunges above this one
    recent_from    bigint NOT NULL DEFAULT 1,               -- from this UID on no session has been told of \Recent
    message_count  bigint NOT NULL DEFAULT 0 CHECK (message_count >= 0),
    unseen_count   bigint NOT NULL DEFAULT 0 CHECK (unseen_count >= 0),
    deleted_count  bigint NOT NULL DEFAULT 0 CHECK (deleted_count >= 0),
    size           bigint NOT NULL DEFAULT 0 CHECK (size >= 0),
    keywords       text[] NOT NULL DEFAULT '{}',            -- all that were ever set here, spelled as first set
    created_at     timestamptz NOT NULL DEFAULT now(),
    deleted_at     timestamptz,                             -- a tombstone: sessions that have it selected can still learn why
    PRIMARY KEY (mailbox_id, folder_id)
) WITH (fillfactor = 50);
CREATE UNIQUE INDEX folder_name ON folder (mailbox_id, name) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX folder_special_use ON folder (mailbox_id, special_use) WHERE deleted_at IS NULL AND special_use IS NOT NULL;
CREATE INDEX folder_tombstone ON folder (deleted_at) WHERE deleted_at IS NOT NULL;

-- Subscriptions are to names, and outlive their folder (RFC 9051 §6.3.7).
CREATE TABLE subscription (
    mailbox_id bigint NOT NULL,
    name       text NOT NULL,
    PRIMARY KEY (mailbox_id, name)
);

-- Narrow rows; no index over a column that changes, so that a change of flags is HOT.
CREATE TABLE message (
    mailbox_id    bigint NOT NULL,
    folder_id     bigint NOT NULL,
    uid           bigint NOT NULL CHECK (uid BETWEEN 1 AND 4294967295),
    content_id    bigint NOT NULL,
    modseq        bigint NOT NULL,
    internal_date timestamptz NOT NULL,
    saved_at      timestamptz NOT NULL DEFAULT now(),
    size          bigint NOT NULL,
    flags         smallint NOT NULL DEFAULT 0,              -- SystemFlag.bit()
    in_pop3       boolean NOT NULL DEFAULT true,            -- false: removed from POP3's view, kept for IMAP
    keywords      text[] NOT NULL DEFAULT '{}',            -- spelled as in folder.keywords, sorted without regard to case
    PRIMARY KEY (mailbox_id, folder_id, uid)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
CREATE INDEX message_content ON message (mailbox_id, content_id);

-- UIDLs brought along by an import; all others are uid_validity.uid.
CREATE TABLE pop3_uidl (
    mailbox_id bigint NOT NULL,
    folder_id  bigint NOT NULL,
    uid        bigint NOT NULL,
    uidl       text NOT NULL CHECK (uidl ~ '^[!-~]{1,70}$'),
    PRIMARY KEY (mailbox_id, folder_id, uid)
);

-- What changed, one row a change; UIDs are unsigned 32-bit, so ranges are of int8.
CREATE TABLE folder_change (
    mailbox_id bigint NOT NULL,
    folder_id  bigint NOT NULL,
    modseq     bigint NOT NULL,
    kind       "char" NOT NULL CHECK (kind IN ('a', 'f', 'x')), -- added, flags, expunged
    part       smallint NOT NULL DEFAULT 0,                     -- a change of many ranges takes several rows
    uids       int8multirange NOT NULL,
    at         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (mailbox_id, folder_id, modseq, part)
) WITH (autovacuum_vacuum_scale_factor = 0.05);
-- For the sweep; apart, because expunges are kept thousands of times longer.
CREATE INDEX folder_change_at ON folder_change (at) WHERE kind <> 'x';
CREATE INDEX folder_change_expunged_at ON folder_change (at) WHERE kind = 'x';

CREATE SEQUENCE content_id CACHE 50;

-- One message's bytes, once per mailbox however many folders hold it; parsed once, at arrival.
CREATE TABLE content (
    mailbox_id bigint NOT NULL,
    content_id bigint NOT NULL,
    size       bigint NOT NULL,                             -- header and body
    header     bytea NOT NULL,                              -- up to and with the blank line
    envelope   bytea NOT NULL,                              -- MessageCodec
    structure  bytea NOT NULL,                              -- MessageCodec, with offsets into the message
    preview    text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    body       bytea NOT NULL,
    PRIMARY KEY (mailbox_id, content_id)
);
-- Slices of a value that is stored plain are read without reading what is before them.
ALTER TABLE content ALTER COLUMN body SET STORAGE EXTERNAL;

-- Contents that may have no message: rechecked and swept after a grace longer than the longest stream.
CREATE TABLE content_orphan (
    mailbox_id bigint NOT NULL,
    content_id bigint NOT NULL,
    since      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (mailbox_id, content_id)
);
CREATE INDEX ON content_orphan (since);

-- What a mailbox holds, over all its folders: each message counts its size once per folder it is in.
CREATE TABLE mailbox_usage (
    mailbox_id bigint PRIMARY KEY,
    bytes      bigint NOT NULL DEFAULT 0 CHECK (bytes >= 0),
    messages   bigint NOT NULL DEFAULT 0 CHECK (messages >= 0)
) WITH (fillfactor = 50);
