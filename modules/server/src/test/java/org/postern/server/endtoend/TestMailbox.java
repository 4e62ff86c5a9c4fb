package org.postern.server.endtoend;

import org.postern.server.ServerProcess;
import org.postern.testkit.ImapTestClient;
import org.postern.testkit.Pop3TestClient;
import org.postern.testkit.SmtpTestClient;

/** A mailbox with a client token, made with the command line as an operator would. */
record TestMailbox(ServerProcess server, String address, String token) {
    static final String DOMAIN = "e2e.example";

    /** The account and the domain that {@link #add} puts mailboxes into. */
    static void prepare(ServerProcess server) {
        server.postern("account", "add", "e2e", "--plan", "test");
        server.postern("domain", "add", DOMAIN, "--account", "e2e");
    }

    static TestMailbox add(ServerProcess server, String localPart) {
        var address = localPart + '@' + DOMAIN;
        server.postern("mailbox", "add", address);
        var printed = server.postern("token", "add", address, "--name", "Test").strip();
        return new TestMailbox(server, address, printed.substring(printed.lastIndexOf('\n') + 1));
    }

    ImapTestClient imap() {
        return ImapTestClient.loggedIn(server.imaps(), address, token);
    }

    SmtpTestClient smtp() {
        return SmtpTestClient.loggedIn(server.smtps(), address, token);
    }

    Pop3TestClient pop3() {
        return Pop3TestClient.loggedIn(server.pop3s(), address, token);
    }
}
