/** HikariCP, Flyway, transactions, LISTEN, the embedded PostgreSQL. */
@NullMarked
package org.postern.database;

import org.jspecify.annotations.NullMarked;
