/** Submission, and what of its time the store takes. */
@NullMarked
package org.postern.bench.smtp;

import org.jspecify.annotations.NullMarked;
