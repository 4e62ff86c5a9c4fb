package org.postern.accounts;

import java.util.List;

/**
 * Whose a slot is to be, as the database is asked: by a query of one row, the mailbox and the token, or of none where the slot
 * is not to be taken.
 *
 * @param sql of {@code mailbox_id, token_id}
 * @param params of it, in order
 */
record SlotOwner(Identity who, String sql, List<Object> params) {
    /** Whatever has become of them meanwhile. */
    static SlotOwner of(Identity who) {
        return new SlotOwner(
                who,
                "SELECT ?::bigint AS mailbox_id, ?::bigint AS token_id",
                List.of(who.mailbox().value(), who.token().value()));
    }
}
