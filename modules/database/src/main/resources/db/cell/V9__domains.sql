-- What domains need beside their addresses: keys that sign their mail, and what the DNS was found to say.

-- A private key is sealed by the cluster's secret, which is in the directory: a copy of this cell alone signs nothing.
CREATE TABLE dkim_key (
    domain       text NOT NULL,
    selector     text NOT NULL,
    algorithm    text NOT NULL CHECK (algorithm IN ('rsa', 'ed25519')),
    state        text NOT NULL CHECK (state IN ('prepared', 'active', 'retired')),
    public_key   bytea NOT NULL,                            -- as the record has it
    private_key  bytea,                                     -- gone with the right to sign
    prepared_at  timestamptz NOT NULL,
    activated_at timestamptz,
    retired_at   timestamptz,
    PRIMARY KEY (domain, selector),
    CHECK ((private_key IS NULL) = (state = 'retired'))
);
CREATE UNIQUE INDEX ON dkim_key (domain, algorithm, state) WHERE state <> 'retired';

-- Fields that go in front of the content when it goes to another host: its DKIM signatures, made when it was accepted.
ALTER TABLE queue ADD COLUMN front text NOT NULL DEFAULT '';

-- The last comparison of a domain's records with the DNS.
CREATE TABLE domain_check (
    domain     text PRIMARY KEY,
    checked_at timestamptz NOT NULL,
    verified   boolean NOT NULL,
    problems   text[] NOT NULL
);
