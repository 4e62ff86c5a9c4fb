package org.postern.server;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a daemon does when it is told to stop (TERM, INT) or to read its files again (HUP).
 *
 * <p>Reached by reflection: javac warns of sun.misc without a way to say that there is no other API for signals.
 */
public final class Signals {
    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    private Signals() {}

    /** From now on the signal runs {@code action}, on a thread of the JVM, and does nothing else. */
    @SuppressWarnings("ReferenceEquality") // A proxy that asked its own equals would ask for ever.
    public static void on(String name, Runnable action) {
        try {
            var signal = Class.forName("sun.misc.Signal");
            var handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler handle = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    action.run();
                    yield null;
                }
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == arguments[0];
                default -> "handler of SIG" + name;
            };
            signal.getMethod("handle", signal, handler)
                    .invoke(
                            null,
                            signal.getConstructor(String.class).newInstance(name),
                            Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, handle));
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            LOG.atWarn().setCause(e).log("this JVM does not hand over SIG{}", name);
        }
    }
}
