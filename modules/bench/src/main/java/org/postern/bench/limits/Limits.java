package org.postern.bench.limits;

import java.util.List;
import org.postern.database.Database;

/** Switches off what decides caps and quotas in the database, and on again: what is left is the rest of the work. */
final class Limits {
    private static final String ARGUMENTS =
            "SELECT pg_get_function_arguments(p.oid) FROM pg_proc p WHERE p.proname = ? AND p.pronamespace = ?::regnamespace";
    private static final String RESULT =
            "SELECT pg_get_function_result(p.oid) FROM pg_proc p WHERE p.proname = ? AND p.pronamespace = ?::regnamespace";
    private static final String DEFINITION =
            "SELECT pg_get_functiondef(p.oid) FROM pg_proc p WHERE p.proname = ? AND p.pronamespace = ?::regnamespace";

    /** The row stays: who is connected must be known also where nobody is counted. */
    private static final String OPEN = """
            BEGIN
                UPDATE connection SET session_id = p_session, opened_at = clock_timestamp(), active_at = clock_timestamp()
                 WHERE connection_id = p_spare;
                IF FOUND THEN
                    opened := p_spare;
                    result := 'opened';
                    RETURN;
                END IF;
                INSERT INTO connection (node_id, mailbox_id, token_id, protocol, client_address, client_network, exempt,
                                        session_id)
                VALUES (p_node, p_mailbox, p_token, p_protocol, p_client, p_network, p_exempt, p_session)
                RETURNING connection_id INTO opened;
                result := 'opened';
            END""";

    private static final String TAKE = """
            BEGIN
                unknown := '{}';
                result := 'taken';
            END""";

    private static final String TAKE_TOGETHER = """
            BEGIN
                RETURN '{}';
            END""";

    private final Database database;
    private final List<String> decide;
    private final List<String> doNot;

    Limits(Database database) {
        this.database = database;
        this.decide = List.of(
                definition("open_connection"), definition("take_send_slots"), definition("take_send_slots_together"));
        this.doNot = List.of(
                undecided("open_connection", OPEN),
                undecided("take_send_slots", TAKE),
                undecided("take_send_slots_together", TAKE_TOGETHER));
    }

    void decide(boolean on) {
        for (var function : on ? decide : doNot) {
            database.transact(tx -> tx.update(function));
        }
    }

    private String definition(String function) {
        return ask(DEFINITION, function);
    }

    private String undecided(String function, String body) {
        return "CREATE OR REPLACE FUNCTION %s(%s) RETURNS %s LANGUAGE plpgsql AS $$ %s $$"
                .formatted(function, ask(ARGUMENTS, function), ask(RESULT, function), body);
    }

    private String ask(String what, String function) {
        return database.read(tx ->
                tx.one(what, row -> row.text(1), function, database.settings().cell()));
    }
}
