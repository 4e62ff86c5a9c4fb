-- Who is where. Small, read at every login and for every recipient; nothing here grows with mail.
-- A cell is one schema with everything of its accounts; no statement joins a directory table with a cell's.

CREATE TABLE directory.cell (
    name       text PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE SEQUENCE directory.account_id;
CREATE SEQUENCE directory.mailbox_id;

CREATE TABLE directory.domain (
    name                 text PRIMARY KEY CHECK (name = lower(name)),
    cell                 text NOT NULL REFERENCES directory.cell,
    account_id           bigint NOT NULL,
    -- Gets the mail of every address of the domain that nobody has.
    catch_all_mailbox_id bigint,
    created_at           timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON directory.domain (account_id);

-- An address is a mailbox's own or an alias of one; its cell is its domain's. Plus-addresses have no row of their own.
CREATE TABLE directory.address (
    domain     text NOT NULL REFERENCES directory.domain,
    local_part text NOT NULL,                               -- folded to lower case, without detail
    mailbox_id bigint NOT NULL,
    is_alias   boolean NOT NULL DEFAULT false,
    PRIMARY KEY (domain, local_part)
);
CREATE UNIQUE INDEX ON directory.address (mailbox_id) WHERE NOT is_alias;
CREATE INDEX ON directory.address (mailbox_id);

-- Keys that every node shares: HMAC keys for SCRAM salts and for remembered wrong secrets. Made at the first start.
CREATE TABLE directory.cluster_secret (
    name  text PRIMARY KEY,
    value bytea NOT NULL CHECK (length(value) >= 32)
);
