-- Nodes remember whom addresses lead to, and hear of each change: local-part@domain, or @domain of all its addresses.

CREATE FUNCTION directory.tell_address_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM pg_notify('directory_changed', old.local_part || '@' || old.domain);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM pg_notify('directory_changed', new.local_part || '@' || new.domain);
    END IF;
    RETURN NULL;
END
$$;
CREATE FUNCTION directory.tell_domain_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('directory_changed', '@' || CASE TG_OP WHEN 'DELETE' THEN old.name ELSE new.name END);
    RETURN NULL;
END
$$;
CREATE TRIGGER tell_address_changed AFTER INSERT OR UPDATE OR DELETE ON directory.address
    FOR EACH ROW EXECUTE FUNCTION directory.tell_address_changed();
CREATE TRIGGER tell_domain_changed AFTER INSERT OR UPDATE OR DELETE ON directory.domain
    FOR EACH ROW EXECUTE FUNCTION directory.tell_domain_changed();
