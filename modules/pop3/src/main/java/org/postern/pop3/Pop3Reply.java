package org.postern.pop3;

import java.util.List;
import java.util.Optional;
import org.apache.james.protocols.api.Response;

/** One reply: {@code +OK} or {@code -ERR}, a response code where one says more (RFC 1939 §3, RFC 2449 §8). */
record Pop3Reply(boolean ok, Optional<Code> code, String text, boolean isEndSession) implements Response {
    /** Registered response codes. */
    enum Code {
        /** The credentials, and nothing else, are the problem (RFC 3206 §4). */
        AUTH("AUTH"),
        /** Something that will pass by itself (RFC 3206 §4). */
        SYS_TEMP("SYS/TEMP"),
        /** Somebody else has the maildrop (RFC 2449 §8.1.2). */
        IN_USE("IN-USE"),
        /** Checked again too early (RFC 2449 §8.1.1). */
        LOGIN_DELAY("LOGIN-DELAY");

        private final String wire;

        Code(String wire) {
            this.wire = wire;
        }
    }

    static Pop3Reply ok(String text) {
        return new Pop3Reply(true, Optional.empty(), text, false);
    }

    static Pop3Reply err(String text) {
        return new Pop3Reply(false, Optional.empty(), text, false);
    }

    static Pop3Reply err(Code code, String text) {
        return new Pop3Reply(false, Optional.of(code), text, false);
    }

    /** This reply as the session's last. */
    Pop3Reply andClose() {
        return new Pop3Reply(ok, code, text, true);
    }

    @Override
    public String getRetCode() {
        return ok ? "+OK" : "-ERR";
    }

    @Override
    public List<CharSequence> getLines() {
        return List.of(
                getRetCode() + code.map(c -> " [" + c.wire + ']').orElse("") + (text.isEmpty() ? "" : ' ' + text));
    }
}
