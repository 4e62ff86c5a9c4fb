-- open_connection can also go on with a slot that its node kept; without the last argument it is as it was.
DROP FUNCTION IF EXISTS
    open_connection(uuid, bigint, bigint, text, inet, inet, boolean, text, int, int, int, boolean, text);

-- What groups called before they were stored and counted with one statement for each step.
DROP FUNCTION IF EXISTS deliver_or_fail, take_send_slots_or_fail;
