-- The search index: what SEARCH looks through, keyed by mailbox first, so that a neighbour's mail slows nobody.

-- Contents whose text is not extracted yet, the oldest first.
CREATE TABLE search_todo (
    content_id    bigint NOT NULL,
    mailbox_id    bigint NOT NULL,
    claimed_until timestamptz NOT NULL DEFAULT '-infinity', -- a node is at it; if it dies, another takes over
    PRIMARY KEY (content_id, mailbox_id)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

-- The readable text of one content in UTF-8, folded as i;unicode-casemap does. Stored plain: it is compared far more often
-- than written.
CREATE TABLE search_text (
    mailbox_id bigint NOT NULL,
    content_id bigint NOT NULL,
    header     bytea,                                       -- both NULL: more than IndexSettings.textBytes()
    body       bytea,
    PRIMARY KEY (mailbox_id, content_id)
);
ALTER TABLE search_text ALTER COLUMN header SET STORAGE EXTERNAL, ALTER COLUMN body SET STORAGE EXTERNAL;

-- Texts that are in no block yet.
CREATE TABLE search_open (
    mailbox_id bigint NOT NULL,
    content_id bigint NOT NULL,
    PRIMARY KEY (mailbox_id, content_id)
);

CREATE SEQUENCE search_block_id;

-- Which of a thousand texts may hold three bytes in a row: a bitmap of the texts for each value of a hash (Grams).
CREATE TABLE search_block (
    mailbox_id bigint NOT NULL,
    block_id   bigint NOT NULL,
    contents   bytea NOT NULL,                              -- content ids, eight bytes each, in the order of the bits
    slots      bytea NOT NULL,                              -- read in slices of one bitmap
    checked_at timestamptz NOT NULL DEFAULT now(),          -- when its contents were last counted
    PRIMARY KEY (mailbox_id, block_id)
);
ALTER TABLE search_block ALTER COLUMN slots SET STORAGE EXTERNAL;
CREATE INDEX search_block_checked ON search_block (checked_at);

CREATE FUNCTION search_content_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_todo (content_id, mailbox_id) VALUES (new.content_id, new.mailbox_id);
    RETURN NULL;
END
$$;
CREATE FUNCTION search_content_swept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM search_todo t WHERE t.mailbox_id = old.mailbox_id AND t.content_id = old.content_id;
    DELETE FROM search_open o WHERE o.mailbox_id = old.mailbox_id AND o.content_id = old.content_id;
    DELETE FROM search_text t WHERE t.mailbox_id = old.mailbox_id AND t.content_id = old.content_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER search_content_added AFTER INSERT ON content FOR EACH ROW EXECUTE FUNCTION search_content_added();
CREATE TRIGGER search_content_swept AFTER DELETE ON content FOR EACH ROW EXECUTE FUNCTION search_content_swept();

-- What is here already.
INSERT INTO search_todo (content_id, mailbox_id) SELECT content_id, mailbox_id FROM content;
