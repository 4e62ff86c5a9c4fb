package org.postern.net;

import org.postern.model.Refusal;

/** The wire form of a refusal outside of any command: what a listener's protocol says before it hangs up. */
@FunctionalInterface
public interface Refusals {
    /** The whole reply with its line end; empty where the protocol only closes. Called on event loops: must not block. */
    byte[] encode(Refusal refusal);
}
