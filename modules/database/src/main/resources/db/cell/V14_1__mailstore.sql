-- What the server has filed in folders by itself: a mail app that appends the same message soon after is told of the one there.
CREATE TABLE sent_copy (
    mailbox_id bigint NOT NULL,
    folder_id  bigint NOT NULL,
    uid        bigint NOT NULL,
    digest     bytea NOT NULL,                              -- SentCopies: of Message-ID and body
    filed_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (mailbox_id, folder_id, uid)
);
CREATE INDEX ON sent_copy (filed_at);

-- The folder that took INBOX's messages along when that was renamed: clients hear its old name (RFC 5465).
ALTER TABLE folder ADD COLUMN was_inbox boolean NOT NULL DEFAULT false;
