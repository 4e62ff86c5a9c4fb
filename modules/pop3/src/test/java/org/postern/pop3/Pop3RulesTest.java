package org.postern.pop3;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.model.Plan;
import org.postern.model.Pop3Rules;
import org.postern.testbed.ProtocolServer;
import org.postern.testbed.TestNode;

@DisplayName("What a plan demands of POP3 sessions")
class Pop3RulesTest {
    @RegisterExtension
    static final ProtocolServer POP3 = Pop3Server.standard();

    @BeforeEach
    void rules() {
        var plan = POP3.node().plans().find(TestNode.PLAN).orElseThrow();
        POP3.node()
                .change(new Plan(
                        plan.name(),
                        plan.protocols(),
                        new Pop3Rules(true, Optional.of(Duration.ofMinutes(5))),
                        plan.sending(),
                        plan.abuse(),
                        plan.storage(),
                        plan.maxMessageBytes()));
    }

    @Test
    @DisplayName("RFC 2449 §8.1.1: the second session at a time hears IN-USE")
    void inUse() {
        POP3.person().clients().plays("""
                1> USER $user
                1< +OK ...
                1< +OK ...
                1> PASS $secret
                1< +OK 0 messages (0 octets)
                2> USER $user
                2< +OK ...
                2< +OK ...
                2> PASS $secret
                2< -ERR [IN-USE] Another POP3 session has this mailbox open. Try again when it has ended.
                """);
    }

    @Test
    @DisplayName("RFC 2449 §6.5: CAPA announces the delay, and a login before it is over hears LOGIN-DELAY")
    void loginDelay() {
        var person = POP3.person();
        person.clients().plays("""
                S: +OK ...
                C: CAPA
                S: +OK ...
                S: TOP
                S: UIDL
                S: RESP-CODES
                S: AUTH-RESP-CODE
                S: PIPELINING
                S: EXPIRE NEVER
                S: USER
                S: SASL ...
                S: UTF8 USER
                S: LOGIN-DELAY 300 USER
                S: IMPLEMENTATION Postern
                S: .
                C: USER $user
                S: +OK ...
                C: PASS $secret
                S: +OK 0 messages (0 octets)
                C: CAPA
                S: +OK ...
                S: TOP
                S: UIDL
                S: RESP-CODES
                S: AUTH-RESP-CODE
                S: PIPELINING
                S: EXPIRE NEVER
                S: USER
                S: SASL ...
                S: UTF8 USER
                S: LOGIN-DELAY 300
                S: IMPLEMENTATION Postern
                S: .
                C: QUIT
                S: +OK ...
                C! CLOSED
                """);
        person.clients().plays("""
                C: USER $user
                S: +OK ...
                S: +OK ...
                C: PASS $secret
                S: -ERR [LOGIN-DELAY] Check again in 5 min.
                """);
    }
}
