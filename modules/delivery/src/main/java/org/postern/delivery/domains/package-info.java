/** What the DNS has to say of a domain whose mail is here: the exact records, and how far they are there. */
@NullMarked
package org.postern.delivery.domains;

import org.jspecify.annotations.NullMarked;
