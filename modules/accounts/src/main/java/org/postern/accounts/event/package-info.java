/**
 * What happened that somebody may be asked about: written, bounded, kept for a while, read by support.
 *
 * <p>Events never carry a secret, and writing one never waits: a flood of them is cut, not queued. All types may be shared
 * by any number of threads.
 */
@NullMarked
package org.postern.accounts.event;

import org.jspecify.annotations.NullMarked;
