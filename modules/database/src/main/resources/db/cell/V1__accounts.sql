-- Accounts, mailboxes, client tokens and what they may do.

CREATE TABLE account (
    account_id bigint PRIMARY KEY,                          -- directory.account_id
    name       text NOT NULL UNIQUE,
    plan       text NOT NULL,
    status     text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended')),
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE mailbox (
    mailbox_id        bigint PRIMARY KEY,                   -- directory.mailbox_id
    account_id        bigint NOT NULL REFERENCES account,
    address           text NOT NULL UNIQUE,                 -- as shown; directory.address decides
    display_name      text NOT NULL DEFAULT '',
    status            text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused')),
    password_hash     text,                                 -- Argon2id, PHC string; opens the console only
    uid_validity_next bigint NOT NULL DEFAULT 1,
    folder_id_next    bigint NOT NULL DEFAULT 1,
    pop3_keeps_copy   boolean NOT NULL DEFAULT false,       -- DELE hides from POP3 only
    sending_locked_at timestamptz,
    sending_lock_why  text,
    created_at        timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON mailbox (account_id);

-- A secret is never stored: its SHA-256 is what is looked up. SCRAM keys exist for both ways of typing it.
CREATE TABLE client_token (
    token_id                 bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mailbox_id               bigint NOT NULL REFERENCES mailbox,
    name                     text NOT NULL,
    secret_sha256            bytea NOT NULL UNIQUE CHECK (length(secret_sha256) = 32),
    scope                    text[] NOT NULL CHECK (cardinality(scope) > 0 AND scope <@ ARRAY['imap', 'pop3', 'smtp']),
    scram_iterations         int NOT NULL,
    scram_dashed_stored_key  bytea NOT NULL,
    scram_dashed_server_key  bytea NOT NULL,
    scram_plain_stored_key   bytea NOT NULL,
    scram_plain_server_key   bytea NOT NULL,
    cram_md5_dashed_state    bytea,                         -- only where CRAM-MD5 is switched on
    cram_md5_plain_state     bytea,
    created_at               timestamptz NOT NULL DEFAULT now(),
    expires_at               timestamptz,
    revoked_at               timestamptz
);
CREATE UNIQUE INDEX ON client_token (mailbox_id, lower(name)) WHERE revoked_at IS NULL;
CREATE INDEX ON client_token (mailbox_id);

-- Last use by protocol; written in batches, never by the login itself.
CREATE TABLE token_use (
    token_id       bigint NOT NULL REFERENCES client_token ON DELETE CASCADE,
    protocol       text NOT NULL,
    used_at        timestamptz NOT NULL,
    client_address inet NOT NULL,
    PRIMARY KEY (token_id, protocol)
) WITH (fillfactor = 70);

CREATE TABLE access_switch (
    mailbox_id   bigint NOT NULL REFERENCES mailbox,
    protocol     text NOT NULL CHECK (protocol IN ('imap', 'pop3', 'smtp')),
    allowed      boolean NOT NULL,
    effective_at timestamptz NOT NULL DEFAULT now(),
    changed_by   text NOT NULL,
    why          text NOT NULL DEFAULT '',
    PRIMARY KEY (mailbox_id, protocol)
);

CREATE TABLE plan_override (
    subject_kind text NOT NULL CHECK (subject_kind IN ('account', 'mailbox')),
    subject_id   bigint NOT NULL,
    setting      text NOT NULL,                             -- the key's path in plans.yml
    value        jsonb NOT NULL,
    PRIMARY KEY (subject_kind, subject_id, setting)
);

-- Nodes and connections live by leases. Unlogged: counting them never waits for a flush, and after a crash of the
-- database every node registers its live connections again before anybody admits a new one.
CREATE UNLOGGED TABLE node (
    node_id     uuid PRIMARY KEY,
    name        text NOT NULL,
    started_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    lease_until timestamptz NOT NULL,
    ready       boolean NOT NULL DEFAULT false              -- all its live connections are in the table
);
-- The leases that outlive a crash of the database: who must be ready again before anybody admits.
CREATE TABLE node_lease (
    node_id     uuid PRIMARY KEY,
    lease_until timestamptz NOT NULL
);

-- Has its row while the connections of all leased nodes are known; a crash empties it with the tables above, and the
-- first heartbeat that finds every leased node registered again puts the row back. Nobody is admitted meanwhile.
CREATE UNLOGGED TABLE registry_whole (
    whole boolean PRIMARY KEY CHECK (whole)
);

-- The ids' sequence is logged, so that no id of a live connection is given out again after a crash; its cache lets all
-- but one login in a hundred commit without a flush.
CREATE SEQUENCE connection_id CACHE 100;
CREATE UNLOGGED TABLE connection (
    connection_id  bigint PRIMARY KEY DEFAULT nextval('connection_id'),
    node_id        uuid NOT NULL,
    mailbox_id     bigint NOT NULL,
    token_id       bigint NOT NULL,
    protocol       text NOT NULL,
    client_address inet NOT NULL,
    client_network inet NOT NULL,                           -- an IPv4 address or an IPv6 /64
    exempt         boolean NOT NULL DEFAULT false,          -- from an exempt network: counts against nothing
    session_id     text NOT NULL,
    opened_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    kicked         boolean NOT NULL DEFAULT false           -- an administrator ends it; it counts until it is closed
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000); -- rows live for minutes
CREATE INDEX ON connection (mailbox_id, protocol);
CREATE INDEX ON connection (node_id);
CREATE INDEX ON connection (token_id);

-- Exact rolling windows: cum is the running total after the event, so a window costs one index probe.
CREATE TABLE send_usage (
    subject_kind text NOT NULL CHECK (subject_kind IN ('account', 'mailbox')),
    subject_id   bigint NOT NULL,
    total        bigint NOT NULL DEFAULT 0,
    last_at      timestamptz NOT NULL DEFAULT '-infinity',
    PRIMARY KEY (subject_kind, subject_id)
) WITH (fillfactor = 50);

CREATE TABLE send_event (
    subject_kind text NOT NULL,
    subject_id   bigint NOT NULL,
    cum          bigint NOT NULL,
    at           timestamptz NOT NULL,
    weight       int NOT NULL CHECK (weight > 0),
    PRIMARY KEY (subject_kind, subject_id, cum)
);
CREATE INDEX ON send_event (subject_kind, subject_id, at, cum);

-- Failed logins, growing delays. "The same wrong secret again" is known by a keyed HMAC, never by the secret.
CREATE UNLOGGED TABLE login_failure (
    subject_kind text NOT NULL CHECK (subject_kind IN ('client_network', 'address')),
    subject      text NOT NULL,                             -- an address as typed, folded, whether somebody has it or not
    secret_hmac  bytea NOT NULL,
    failures     int NOT NULL DEFAULT 1,
    last_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (subject_kind, subject, secret_hmac)
);
CREATE INDEX ON login_failure (last_at);

-- Everything that support is asked about, by the stable case names.
CREATE TABLE event (
    event_id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at             timestamptz NOT NULL DEFAULT clock_timestamp(),
    case_name      text NOT NULL,
    account_id     bigint,
    mailbox_id     bigint,
    address        text,                                    -- as typed, when no mailbox has it
    token_id       bigint,
    protocol       text,
    client_address inet,
    session_id     text,
    detail         jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX ON event (at);
CREATE INDEX ON event (mailbox_id, at);
CREATE INDEX ON event (lower(address), at) WHERE address IS NOT NULL;

CREATE TABLE notice (
    notice_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mailbox_id   bigint NOT NULL REFERENCES mailbox,
    at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    case_name    text NOT NULL,
    detail       jsonb NOT NULL DEFAULT '{}',
    delivered_at timestamptz
);
CREATE INDEX ON notice (mailbox_id) WHERE delivered_at IS NULL;
