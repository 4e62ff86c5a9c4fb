/**
 * The config files as records: every key once, with its default, unit and bounds, and errors that name file, line and key.
 *
 * <p>Immutable after reading; safe to share between threads.
 */
@NullMarked
package org.postern.server.config;

import org.jspecify.annotations.NullMarked;
