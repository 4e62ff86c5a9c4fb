/** Test scope only: a scratch PostgreSQL, certificates, a settable clock, wire transcripts. */
@NullMarked
package org.postern.testkit;

import org.jspecify.annotations.NullMarked;
