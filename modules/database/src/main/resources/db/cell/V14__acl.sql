-- What other mailboxes of an account may do in a folder (RFC 4314). The owner may do everything, and has no row.
CREATE TABLE folder_acl (
    mailbox_id bigint NOT NULL,                             -- the owner
    folder_id  bigint NOT NULL,
    account_id bigint NOT NULL,                             -- the owner's: to find what is shared with a mailbox
    grantee    bigint NOT NULL,                             -- a mailbox; 0: every mailbox of the account
    negative   boolean NOT NULL,                            -- these rights are taken, whatever other rows give
    rights     int NOT NULL CHECK (rights > 0),             -- Rights.bits()
    PRIMARY KEY (mailbox_id, folder_id, grantee, negative)
);
CREATE INDEX folder_acl_grantee ON folder_acl (account_id, grantee, mailbox_id, folder_id);
