-- What an account or a mailbox has different from its plan lies in its own row: a login looks there anyway, and to look for it in
-- a table of its own took as long as all else that is asked of a login.
ALTER TABLE account ADD COLUMN overrides jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(overrides) = 'object');
ALTER TABLE mailbox ADD COLUMN overrides jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(overrides) = 'object');
COMMENT ON COLUMN account.overrides IS 'by the key''s path in plans.yml, as text';

UPDATE account a SET overrides = o.overrides
  FROM (SELECT subject_id, jsonb_object_agg(setting, value #>> '{}') AS overrides
          FROM plan_override WHERE subject_kind = 'account' GROUP BY subject_id) o
 WHERE a.account_id = o.subject_id;
UPDATE mailbox m SET overrides = o.overrides
  FROM (SELECT subject_id, jsonb_object_agg(setting, value #>> '{}') AS overrides
          FROM plan_override WHERE subject_kind = 'mailbox' GROUP BY subject_id) o
 WHERE m.mailbox_id = o.subject_id;
DROP TABLE plan_override;

-- Few have any, and a change of plans.yml is checked against them all.
CREATE INDEX ON mailbox (account_id) WHERE overrides <> '{}';
