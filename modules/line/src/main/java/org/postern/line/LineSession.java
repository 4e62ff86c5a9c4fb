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

    /** TLS has begun: whatever was said in clear is forgotten (RFC 3207 §4.2, RFC 2595 §4). */
    default void tlsStarted() {
        resetState();
    }

    /** The last words to a client that sent bytes in clear behind its STARTTLS (RFC 3207 §6); logs the attack. */
    Response newInjectedBytesResponse();

    /** A command has been answered, for whoever measures; {@code nanos} from its line's arrival to its reply's being known. */
    default void answered(String verb, Response response, long nanos) {}

    /** A handler threw: logs it once, with the session's id, and gives the one coded reply; never the exception's words. */
    Response failed(RuntimeException failure);
}
