-- What IMAP's extensions keep about folders.

-- Counts the changes around folders: of their names, subscriptions and annotations. Taken from the locked row.
ALTER TABLE mailbox ADD COLUMN tree_modseq bigint NOT NULL DEFAULT 1;

-- Annotations (RFC 5464): small, bounded by Metadata. By the folder's id, so that they follow a RENAME.
CREATE TABLE folder_metadata (
    mailbox_id bigint NOT NULL,
    folder_id  bigint NOT NULL,                             -- 0: of the mailbox itself
    viewer     bigint NOT NULL,                             -- 0: shared; else whose private one it is
    entry      text NOT NULL,                               -- in lower case
    value      bytea,                                       -- NULL: removed, and remembered for those who watch
    changed    bigint NOT NULL,                             -- mailbox.tree_modseq
    PRIMARY KEY (mailbox_id, folder_id, viewer, entry)
);
