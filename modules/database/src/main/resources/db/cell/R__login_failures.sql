-- Remembers one failed login and says how many different ones there were of late, from the client's network and at the
-- address. The same secret at the same address again counts once: an old phone must not slow an office. Unlogged rows:
-- no flush. Bounded: a subject with p_max failures gets no more rows, it has its longest delay already.
CREATE OR REPLACE FUNCTION login_failed(
    p_network text, p_address text, p_secret bytea, p_window interval, p_max int,
    OUT from_network int, OUT at_address int
) LANGUAGE plpgsql AS $$
BEGIN
    from_network := note_login_failure('client_network', p_network, p_secret, p_window, p_max);
    at_address := note_login_failure('address', p_address, p_secret, p_window, p_max);
END $$;

CREATE OR REPLACE FUNCTION note_login_failure(p_kind text, p_subject text, p_secret bytea, p_window interval, p_max int)
RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    n int;
    since timestamptz := clock_timestamp() - p_window;
BEGIN
    UPDATE login_failure SET failures = failures + 1, last_at = clock_timestamp()
     WHERE subject_kind = p_kind AND subject = p_subject AND secret_hmac = p_secret;
    IF NOT FOUND THEN
        SELECT count(*) INTO n FROM login_failure
         WHERE subject_kind = p_kind AND subject = p_subject AND last_at > since;
        IF n >= p_max THEN
            RETURN n;
        END IF;
        INSERT INTO login_failure (subject_kind, subject, secret_hmac) VALUES (p_kind, p_subject, p_secret)
            ON CONFLICT (subject_kind, subject, secret_hmac)
            DO UPDATE SET failures = login_failure.failures + 1, last_at = clock_timestamp();
    END IF;
    SELECT count(*) INTO n FROM login_failure
     WHERE subject_kind = p_kind AND subject = p_subject AND last_at > since;
    RETURN n;
END $$;
