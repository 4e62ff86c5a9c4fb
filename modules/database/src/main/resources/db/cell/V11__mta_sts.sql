-- What domains demand of whoever sends to them (RFC 8461); kept until it expires, whatever the DNS says meanwhile.
CREATE TABLE mta_sts_policy (
    domain     text PRIMARY KEY,
    id         text NOT NULL,                               -- of the TXT record that announced it
    mode       text NOT NULL CHECK (mode IN ('enforce', 'testing', 'none')),
    mx         text[] NOT NULL,
    expires_at timestamptz NOT NULL
);
