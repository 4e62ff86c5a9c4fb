-- An address may lead to others, here or anywhere, instead of to a mailbox.

ALTER TABLE directory.address
    ADD COLUMN targets text[],                              -- whom it leads to; mailbox_id is its owner then
    ADD CHECK (targets IS NULL OR (is_alias AND cardinality(targets) > 0));
