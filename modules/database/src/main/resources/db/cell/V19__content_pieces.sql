-- Large bodies in rows that fill a page each, which COPY stores while they come: half the work of one large value, which PostgreSQL
-- receives as a whole first and then cuts into rows of 2 KB of its own. Those stored before stay as they are.
CREATE TABLE content_piece (
    mailbox_id bigint NOT NULL,
    content_id bigint NOT NULL,
    piece      int NOT NULL,                                -- from 0 on
    bytes      bytea STORAGE PLAIN NOT NULL,                -- 8112, the last one fewer
    PRIMARY KEY (mailbox_id, content_id, piece)
);
ALTER TABLE content ALTER COLUMN body DROP NOT NULL;        -- NULL: in pieces
