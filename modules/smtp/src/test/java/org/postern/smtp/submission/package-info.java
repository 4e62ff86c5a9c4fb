@NullMarked
package org.postern.smtp.submission;

import org.jspecify.annotations.NullMarked;
