/**
 * A whole node below the protocols for wire transcripts: PostgreSQL, accounts, store, TLS listeners. A protocol's tests
 * plug in its sessions and play.
 */
@NullMarked
package org.postern.testbed;

import org.jspecify.annotations.NullMarked;
