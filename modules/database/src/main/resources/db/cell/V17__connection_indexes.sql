-- Nobody asks for the connections of a token alone, and each login and logout kept this up to date.
DROP INDEX connection_token_id_idx;
