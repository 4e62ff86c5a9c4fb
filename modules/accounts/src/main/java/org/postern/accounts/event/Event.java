package org.postern.accounts.event;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.postern.model.AccountId;
import org.postern.model.ClientAddress;
import org.postern.model.MailboxId;
import org.postern.model.Protocol;
import org.postern.model.TokenId;

/**
 * Something that support may be asked about. Never carries a secret.
 *
 * @param caseName the stable name, {@link org.postern.model.Refusal#caseName()}
 * @param address as typed, when no mailbox has it
 * @param detail the reason and the measured numbers
 */
public record Event(
        String caseName,
        Instant at,
        Optional<AccountId> account,
        Optional<MailboxId> mailbox,
        Optional<String> address,
        Optional<TokenId> token,
        Optional<Protocol> protocol,
        Optional<ClientAddress> client,
        Optional<String> sessionId,
        Map<String, String> detail) {
    public Event {
        detail = Map.copyOf(detail);
    }

    public static Event of(String caseName, Instant at) {
        return new Event(
                caseName,
                at,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of());
    }

    public Event of(AccountId who, MailboxId whose) {
        return new Event(
                caseName,
                at,
                Optional.of(who),
                Optional.of(whose),
                address,
                token,
                protocol,
                client,
                sessionId,
                detail);
    }

    public Event of(MailboxId whose) {
        return new Event(
                caseName, at, account, Optional.of(whose), address, token, protocol, client, sessionId, detail);
    }

    public Event address(String typed) {
        return new Event(
                caseName, at, account, mailbox, Optional.of(typed), token, protocol, client, sessionId, detail);
    }

    public Event token(TokenId by) {
        return new Event(caseName, at, account, mailbox, address, Optional.of(by), protocol, client, sessionId, detail);
    }

    public Event session(Protocol over, ClientAddress from, String id) {
        return new Event(
                caseName,
                at,
                account,
                mailbox,
                address,
                token,
                Optional.of(over),
                Optional.of(from),
                Optional.of(id),
                detail);
    }

    public Event client(ClientAddress from) {
        return new Event(
                caseName, at, account, mailbox, address, token, protocol, Optional.of(from), sessionId, detail);
    }

    /** The same at another time. */
    Event at(Instant when) {
        return new Event(caseName, when, account, mailbox, address, token, protocol, client, sessionId, detail);
    }

    /** With one more detail. */
    public Event with(String key, Object value) {
        var more = new HashMap<>(detail);
        more.put(key, value.toString());
        return new Event(caseName, at, account, mailbox, address, token, protocol, client, sessionId, more);
    }
}
