package org.postern.pop3;

import org.postern.mailstore.Pop3View;
import org.postern.testbed.ProtocolServer;
import org.postern.testbed.TestNode;

/** POP3's listeners, for one test class. */
final class Pop3Server {
    private Pop3Server() {}

    static ProtocolServer standard() {
        return new ProtocolServer(
                "pop3",
                node -> new Pop3Sessions(
                        node.accounts().logins(),
                        node.accounts().sasl(),
                        node.plans(),
                        node.folders(),
                        node.feed(),
                        new Pop3View(node.database(), node.messages()),
                        node.contents(),
                        Pop3Limits.DEFAULT,
                        TestNode.HELP,
                        node.meters()),
                new Pop3Refusals(TestNode.HELP)::closing);
    }
}
