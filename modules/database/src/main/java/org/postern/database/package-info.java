/**
 * HikariCP, Flyway, transactions, LISTEN, the embedded PostgreSQL.
 *
 * <p>Invariants: SQLException stays inside this package's callers' {@link org.postern.database.TxWork}; what leaves is
 * {@link org.postern.database.DatabaseUnavailable} (away, overloaded, too slow: try again) or
 * {@link org.postern.database.DatabaseFailure} (a bug or a wrong set-up). A thread holds at most one connection of the
 * pool. {@code NOTIFY} listening has its own connection, never the pool's.
 *
 * <p>Threading: everything blocks and is meant for virtual threads; {@link org.postern.database.Database},
 * {@link org.postern.database.Notifications} and {@link org.postern.database.EmbeddedPostgres} may be shared, a
 * {@link org.postern.database.Tx} belongs to the thread that was given it.
 */
@NullMarked
package org.postern.database;

import org.jspecify.annotations.NullMarked;
