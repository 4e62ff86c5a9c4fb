-- SETMETADATA: all entries or none. An empty name means the mailbox itself. Returns 0: set; 1: no such folder; 2: too many
-- entries; 3: too many bytes.
CREATE OR REPLACE FUNCTION set_metadata(
    p_mailbox bigint, p_folder text, p_viewer bigint, p_viewers bigint[], p_entries text[], p_values bytea[],
    p_removed boolean[], p_max_entries int, p_max_bytes bigint, p_max_removed int) RETURNS int
LANGUAGE plpgsql AS $$
DECLARE
    v_folder  bigint := 0;
    v_changed bigint;
    v_before  int;
    v_after   int;
    v_held    bigint;
    v_bytes   bigint;
BEGIN
    -- Locks the tree: whoever deletes or renames the folder comes before or after.
    UPDATE mailbox m SET tree_modseq = m.tree_modseq + 1
     WHERE m.mailbox_id = p_mailbox RETURNING m.tree_modseq INTO STRICT v_changed;
    IF p_folder <> '' THEN
        SELECT f.folder_id INTO v_folder FROM folder f
         WHERE f.mailbox_id = p_mailbox AND f.name = p_folder AND f.deleted_at IS NULL;
        IF NOT FOUND THEN
            RETURN 1;
        END IF;
    END IF;

    WITH held AS (
        SELECT o.folder_id = v_folder AND o.viewer IN (0, p_viewer) AS here,
               octet_length(o.entry) + octet_length(o.value) AS bytes,
               (o.folder_id, o.viewer, o.entry) IN
                   (SELECT v_folder, n.viewer, n.entry FROM unnest(p_viewers, p_entries) AS n (viewer, entry)) AS replaced
          FROM folder_metadata o WHERE o.mailbox_id = p_mailbox AND o.value IS NOT NULL
    ), fresh AS (
        SELECT octet_length(n.entry) + octet_length(n.value) AS bytes
          FROM unnest(p_entries, p_values, p_removed) AS n (entry, value, removed) WHERE NOT n.removed
    )
    SELECT (SELECT count(*) FROM held WHERE here),
           (SELECT count(*) FROM held WHERE here AND NOT replaced) + (SELECT count(*) FROM fresh),
           (SELECT coalesce(sum(bytes), 0) FROM held),
           (SELECT coalesce(sum(bytes), 0) FROM held WHERE NOT replaced) + (SELECT coalesce(sum(bytes), 0) FROM fresh)
      INTO v_before, v_after, v_held, v_bytes;
    IF v_after > greatest(p_max_entries, v_before) THEN
        RETURN 2;
    ELSIF v_bytes > greatest(p_max_bytes, v_held) THEN
        RETURN 3;
    END IF;

    -- Of what never was nothing is removed.
    INSERT INTO folder_metadata AS m (mailbox_id, folder_id, viewer, entry, value, changed)
    SELECT p_mailbox, v_folder, n.viewer, n.entry, CASE WHEN n.removed THEN NULL ELSE n.value END, v_changed
      FROM unnest(p_viewers, p_entries, p_values, p_removed) AS n (viewer, entry, value, removed)
     WHERE NOT n.removed
        OR EXISTS (SELECT FROM folder_metadata o
                    WHERE o.mailbox_id = p_mailbox AND o.folder_id = v_folder AND o.viewer = n.viewer
                      AND o.entry = n.entry AND o.value IS NOT NULL)
    ON CONFLICT (mailbox_id, folder_id, viewer, entry) DO UPDATE SET value = excluded.value, changed = excluded.changed;
    DELETE FROM folder_metadata m
     WHERE m.ctid = ANY (ARRAY(SELECT o.ctid FROM folder_metadata o
                                WHERE o.mailbox_id = p_mailbox AND o.folder_id = v_folder AND o.value IS NULL
                                ORDER BY o.changed DESC, o.entry OFFSET p_max_removed));
    RETURN 0;
END
$$;
