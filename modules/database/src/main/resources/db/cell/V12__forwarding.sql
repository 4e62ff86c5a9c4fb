-- What becomes of mail beside its delivery: copies of what a mailbox sends, and forwarding of what it gets.

ALTER TABLE mailbox
    ADD COLUMN copies_sent boolean NOT NULL DEFAULT false,        -- what it submits is also filed in its \Sent folder
    ADD COLUMN forward_keeps_copy boolean NOT NULL DEFAULT true;  -- what is forwarded is also delivered here

-- To whom a mailbox forwards; no row: to nobody.
CREATE TABLE forward (
    mailbox_id bigint NOT NULL REFERENCES mailbox,
    address    text NOT NULL,
    PRIMARY KEY (mailbox_id, address)
);

ALTER TABLE queue_recipient
    ADD COLUMN special_use text,                            -- of the folder that a local one goes to; null: INBOX
    ADD COLUMN front text NOT NULL DEFAULT '',              -- fields that this recipient alone gets before the content
    ADD COLUMN forwarded boolean NOT NULL DEFAULT false;    -- the mailbox's forwards are done, its own copy is not
