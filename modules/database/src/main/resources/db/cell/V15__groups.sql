-- Mail for addresses that lead to others, and how far one message may spread.

ALTER TABLE queue_recipient
    ADD COLUMN to_group boolean NOT NULL DEFAULT false;     -- its address leads to others; local_mailbox is its owner

ALTER TABLE queue
    ADD COLUMN copies_left int;                             -- that may be made for each recipient; null: it was not passed on yet
