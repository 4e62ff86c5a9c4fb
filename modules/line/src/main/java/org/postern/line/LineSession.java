package org.postern.line;

import java.util.Optional;
import org.apache.james.protocols.api.ProtocolSession;
import org.apache.james.protocols.api.Response;

/** What the line loop asks of a protocol's session, beside what James' chain asks. Used by the session's thread alone. */
public interface LineSession extends ProtocolSession {
    boolean isLoggedIn();

    /**
     * Asked before every command, before its argument is looked at: the refusal, if the command may not run now. The place of
     * the rule "nothing but TLS first".
     */
    Optional<Response> gate(String verb);

    /** Whether a line may end with LF alone; CR alone never may. */
    default boolean takesBareLineFeed() {
        return false;
    }

    Response newBadLineResponse(BadLine why);

    /** Whether the reply refuses a command, so that it counts towards {@link LineLimits#badCommands()}. */
    boolean isRefusal(Response response);

    /** The last words to a client that met {@link LineLimits#badCommands()} or a bound of commands. */
    Response newTooManyCommandsResponse();

    /** A handler threw: logs it once, with the session's id, and gives the one coded reply; never the exception's words. */
    Response failed(RuntimeException failure);
}
