package org.postern.pop3;

import org.apache.james.protocols.api.Response;
import org.postern.accounts.LoginAttempt;
import org.postern.accounts.LoginOutcome;
import org.postern.accounts.LoginOutcome.LoggedIn;
import org.postern.accounts.LoginOutcome.Refused;
import org.postern.accounts.Logins;
import org.postern.mailstore.FolderFeed;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.Pop3View;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.Protocol;

/** From AUTHORIZATION to TRANSACTION: what PASS and AUTH share (RFC 1939 §4). */
final class Login {
    private final Logins logins;
    private final FolderTree folders;
    private final FolderFeed feed;
    private final Pop3View view;

    Login(Logins logins, FolderTree folders, FolderFeed feed, Pop3View view) {
        this.logins = logins;
        this.folders = folders;
        this.feed = feed;
        this.view = view;
    }

    Response logIn(Pop3Session session, String user, String secret) {
        var connection = session.connection();
        var attempt = new LoginAttempt(user, secret, Protocol.POP3, connection.client(), connection.id());
        return reply(session, logins.logIn(attempt));
    }

    /** Lets in, or refuses, as it was decided. */
    Response reply(Pop3Session session, LoginOutcome outcome) {
        return switch (outcome) {
            case LoggedIn(var access) -> {
                session.loggedIn(access); // From here on the session frees the slot, whatever comes.
                session.open(maildropOf(access.mailbox()));
                session.connection().authenticated();
                yield Pop3Reply.ok(session.maildrop().count() + " messages ("
                        + session.maildrop().size() + " octets)");
            }
            case Refused(var refusal, var delay, var close) -> {
                session.transport().pause(delay);
                var reply = session.refused(refusal);
                yield close ? reply.andClose() : reply;
            }
        };
    }

    private Maildrop maildropOf(MailboxId mailbox) {
        var inbox = folders.find(mailbox, FolderName.INBOX)
                .orElseThrow(() -> new IllegalStateException("mailbox " + mailbox + " has no INBOX"));
        try (var watch = feed.watch(inbox, () -> {})) { // The maildrop is frozen: nobody wants to hear of changes.
            // The marks are asked after: what another session hides in between is seen by neither.
            var snapshot = watch.snapshot();
            return new Maildrop(snapshot, view.marks(inbox.id()));
        }
    }
}
