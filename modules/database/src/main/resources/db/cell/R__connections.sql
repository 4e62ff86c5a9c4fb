-- Caps: one statement locks, the next one counts (a count in the statement that waited for the lock would be old).
--
-- The table may have grown from nothing to thousands since it was last analyzed, and plans live as long: so none here may
-- depend on how many rows PostgreSQL believes in. Each question names the key of one index and joins nothing, and there is
-- no way around the index. (Of an empty table it took any index, and walked all of it for each login.)

-- Admits one connection, or says why not:
--   'opened'      opened is its id
--   'waiting'     the same, but it is not in before another one, which is told to end, has closed: then its id is granted.
--                 It is not counted meanwhile and the other one still is, so the cap holds at every moment.
--   'full'        the cap by reached ('client-address', 'token' or 'mailbox') has open_now open, which is the cap or more
--   'not-ready'   this node has no lease, or a leased node has not registered its connections since the database crashed
-- p_spare, where there is one, is a connection of this node's that is over and counts as the new one would: as long as its slot
-- is there, nothing changes for anybody else, and the new one goes on with it.
CREATE OR REPLACE FUNCTION open_connection(
    p_node uuid, p_mailbox bigint, p_token bigint, p_protocol text, p_client inet, p_network inet, p_exempt boolean,
    p_session text, p_max_network int, p_max_mailbox int, p_max_token int, p_end_idle boolean, p_channel text, p_spare bigint DEFAULT NULL,
    OUT result text, OUT opened bigint, OUT reached text, OUT open_now int
) LANGUAGE plpgsql SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    ready boolean;
    in_network int;
    in_token int;
    in_mailbox int;
    idle bigint;
BEGIN
    IF p_spare IS NOT NULL THEN
        -- No index has a column of these, so none changes. IS TRUE keeps the index of nodes out of it.
        UPDATE connection SET session_id = p_session, opened_at = clock_timestamp(), active_at = clock_timestamp()
         WHERE connection_id = p_spare AND (node_id = p_node) IS TRUE AND NOT kicked
           AND EXISTS (SELECT FROM node n WHERE n.node_id = p_node AND n.lease_until > clock_timestamp());
        IF FOUND THEN
            result := 'opened';
            opened := p_spare;
            RETURN;
        END IF;
    END IF;

    -- 1346454354 is this lock's class; two mailboxes that hash alike only wait for each other. Nothing here writes a
    -- logged row, so no flush happens under the lock.
    PERFORM pg_advisory_xact_lock(1346454354, hashint8(p_mailbox));

    LOOP
        -- All questions in one statement: starting one costs more than answering it.
        SELECT EXISTS (SELECT FROM registry_whole)
               AND EXISTS (SELECT FROM node n WHERE n.node_id = p_node AND n.lease_until > clock_timestamp()),
               count(*), count(*) FILTER (WHERE c.client_network = p_network),
               count(*) FILTER (WHERE c.token_id = p_token)
          INTO ready, in_mailbox, in_network, in_token
          FROM connection c
         WHERE c.mailbox_id = p_mailbox AND c.protocol = p_protocol AND NOT c.exempt AND c.waits_for IS NULL
           AND (SELECT n.lease_until > clock_timestamp() FROM node n WHERE n.node_id = c.node_id);

        IF NOT ready THEN
            result := 'not-ready';
            RETURN;
        END IF;
        EXIT WHEN p_exempt;
        IF in_network >= p_max_network THEN
            reached := 'client-address';
            open_now := in_network;
        ELSIF in_mailbox >= p_max_mailbox THEN
            reached := 'mailbox';
            open_now := in_mailbox;
        ELSIF in_token >= p_max_token THEN
            reached := 'token';
            open_now := in_token;
        ELSE
            EXIT;
        END IF;
        -- One that ends makes room only where no more are open than the caps allow.
        IF p_end_idle AND in_network <= p_max_network AND in_token <= p_max_token AND in_mailbox <= p_max_mailbox THEN
            SELECT c.connection_id INTO idle
              FROM connection c
             WHERE c.mailbox_id = p_mailbox AND c.protocol = p_protocol AND c.token_id = p_token AND NOT c.exempt
               AND c.waits_for IS NULL AND NOT c.kicked
               AND (SELECT n.lease_until > clock_timestamp() FROM node n WHERE n.node_id = c.node_id)
               AND (in_network < p_max_network OR c.client_network = p_network)
             ORDER BY c.active_at, c.connection_id
             LIMIT 1;
        END IF;
        IF idle IS NULL THEN
            result := 'full';
            RETURN;
        END IF;
        -- Locked, so that it closes before this or sees who waits for it. If it has closed, there is room now.
        UPDATE connection SET kicked = true WHERE connection_id = idle;
        EXIT WHEN FOUND;
        idle := NULL;
    END LOOP;

    INSERT INTO connection (node_id, mailbox_id, token_id, protocol, client_address, client_network, exempt, session_id,
                            waits_for)
    VALUES (p_node, p_mailbox, p_token, p_protocol, p_client, p_network, p_exempt, p_session, idle)
    RETURNING connection_id INTO opened;
    IF idle IS NULL THEN
        result := 'opened';
    ELSE
        result := 'waiting';
        PERFORM pg_notify(p_channel, 'replaced ' || idle);
    END IF;
END $$;

-- Frees the slots of closed connections of a node; those who waited for them have theirs with the same commit.
CREATE OR REPLACE FUNCTION close_connections(p_node uuid, p_ids bigint[], p_channel text) RETURNS void
LANGUAGE plpgsql SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    granted record;
BEGIN
    -- IS TRUE keeps the index of nodes out of it.
    DELETE FROM connection WHERE connection_id = ANY (p_ids) AND (node_id = p_node) IS TRUE;
    -- Asked first: to begin an update that finds nothing costs more.
    IF NOT EXISTS (SELECT FROM connection WHERE waits_for = ANY (p_ids)) THEN
        RETURN;
    END IF;
    FOR granted IN UPDATE connection SET waits_for = NULL WHERE waits_for = ANY (p_ids)
                   RETURNING connection_id, mailbox_id, protocol LOOP
        IF granted.protocol = 'pop3' THEN
            PERFORM note_pop3_login(granted.mailbox_id);
        END IF;
        PERFORM pg_notify(p_channel, 'granted ' || granted.connection_id);
    END LOOP;
END $$;

-- Says that a node lives: 'renewed'; 'missing' when its lease runs but the unlogged tables were emptied by a crash;
-- 'expired' when others may have stopped counting its connections.
CREATE OR REPLACE FUNCTION renew_lease(p_node uuid, p_lease interval) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    until timestamptz := clock_timestamp() + p_lease;
BEGIN
    PERFORM FROM node_lease WHERE node_id = p_node AND lease_until > clock_timestamp() FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN 'expired';
    END IF;
    UPDATE node SET lease_until = until WHERE node_id = p_node AND ready;
    IF NOT FOUND THEN
        RETURN 'missing';
    END IF;
    UPDATE node_lease SET lease_until = until WHERE node_id = p_node;
    PERFORM note_registry_whole();
    RETURN 'renewed';
END $$;

-- Gives a node its lease, with the connections that it holds now and no others. One transaction, so that whoever sees
-- the node ready counts its connections too.
CREATE OR REPLACE FUNCTION register_node(
    p_node uuid, p_name text, p_lease interval, p_ids bigint[], p_mailboxes bigint[], p_tokens bigint[],
    p_protocols text[], p_clients text[], p_networks text[], p_exempts boolean[], p_sessions text[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    until timestamptz := clock_timestamp() + p_lease;
BEGIN
    INSERT INTO node_lease (node_id, lease_until) VALUES (p_node, until)
        ON CONFLICT (node_id) DO UPDATE SET lease_until = until;
    INSERT INTO node (node_id, name, lease_until, ready) VALUES (p_node, p_name, until, true)
        ON CONFLICT (node_id) DO UPDATE SET lease_until = until, ready = true;
    DELETE FROM connection WHERE node_id = p_node;
    INSERT INTO connection (connection_id, node_id, mailbox_id, token_id, protocol, client_address, client_network,
                            exempt, session_id)
    SELECT c.id, p_node, c.mailbox, c.token, c.protocol, c.client::inet, c.network::inet, c.exempt, c.session
      FROM unnest(p_ids, p_mailboxes, p_tokens, p_protocols, p_clients, p_networks, p_exempts, p_sessions)
           AS c (id, mailbox, token, protocol, client, network, exempt, session);
    PERFORM note_registry_whole();
END $$;

-- Lets logins in again once every node with a lease has registered what it holds.
CREATE OR REPLACE FUNCTION note_registry_whole() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM registry_whole)
       AND NOT EXISTS (SELECT FROM node_lease l
                        WHERE l.lease_until > clock_timestamp()
                          AND NOT EXISTS (SELECT FROM node n WHERE n.node_id = l.node_id AND n.ready)) THEN
        INSERT INTO registry_whole VALUES (true) ON CONFLICT DO NOTHING;
    END IF;
END $$;

-- Clears away what nodes left behind whose lease ran out longer ago than p_grace.
CREATE OR REPLACE FUNCTION sweep_nodes(p_grace interval) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    gone uuid[];
BEGIN
    SELECT array_agg(node_id) INTO gone FROM node_lease WHERE lease_until < clock_timestamp() - p_grace;
    IF gone IS NULL THEN
        RETURN 0;
    END IF;
    DELETE FROM connection WHERE node_id = ANY (gone);
    DELETE FROM node WHERE node_id = ANY (gone) AND lease_until < clock_timestamp() - p_grace;
    DELETE FROM node_lease WHERE node_id = ANY (gone) AND lease_until < clock_timestamp() - p_grace;
    RETURN cardinality(gone);
END $$;

-- A node goes in good order: its slots are free at once.
CREATE OR REPLACE FUNCTION leave_node(p_node uuid, p_channel text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM close_connections(
        p_node, ARRAY(SELECT connection_id FROM connection WHERE node_id = p_node), p_channel);
    DELETE FROM node WHERE node_id = p_node;
    DELETE FROM node_lease WHERE node_id = p_node;
END $$;
