-- Mail brought from elsewhere: which messages of which source are here already, so that a run that was cut off goes on where it
-- was, and a second one brings what is new. Forgotten when an administrator says so.
CREATE TABLE imported (
    mailbox_id bigint NOT NULL,
    key        uuid NOT NULL,                               -- ImportKey: a digest of what the source calls the message
    folder_id  bigint NOT NULL,
    uid        bigint NOT NULL,                             -- as it was stored; the message may be gone since
    flags      smallint NOT NULL,                           -- as the source had them when it was last looked at
    keywords   text[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (mailbox_id, key)
) WITH (fillfactor = 80);

-- RFC 1939 §7: no two messages of a maildrop have the same unique-id.
CREATE UNIQUE INDEX pop3_uidl_once ON pop3_uidl (mailbox_id, folder_id, uidl);

-- What an APPEND of several messages could leave there, of which some in the middle had no keywords.
UPDATE folder SET keywords = array_remove(keywords, '') WHERE '' = ANY (keywords);
