package org.postern.accounts;

import org.postern.model.ClientAddress;
import org.postern.model.ConnectionCap;
import org.postern.model.ConnectionCap.AtCap;
import org.postern.model.MailboxId;
import org.postern.model.Protocol;
import org.postern.model.TokenId;

/**
 * All that makes a slot count as it does. Where any of it differs, one session cannot go on with the slot of another.
 *
 * @param cap as it was when the slot was taken
 */
record SlotHolder(
        MailboxId mailbox, TokenId token, Protocol protocol, ClientAddress client, boolean exempt, ConnectionCap cap) {
    static SlotHolder of(Identity who, LoginAttempt attempt, boolean exempt, ConnectionCap cap) {
        return new SlotHolder(who.mailbox(), who.token(), attempt.protocol(), attempt.client(), exempt, cap);
    }

    /** POP3 has rules about who comes when; and where the longest idle has to go, a spare slot would have to go first. */
    boolean mayLeaveSpare() {
        return protocol != Protocol.POP3 && cap.atCap() == AtCap.REFUSE;
    }

    /** Whether both are counted together. */
    boolean countsWith(SlotHolder other, ConnectionCap.Per per) {
        return mailbox.equals(other.mailbox)
                && protocol == other.protocol
                && !exempt
                && switch (per) {
                    case MAILBOX -> true;
                    case TOKEN -> token.equals(other.token);
                    case CLIENT_ADDRESS -> client.network().equals(other.client.network());
                };
    }
}
