/** The words of the trade as types: addresses, ids, flags, UID sets, plans, limits. */
@NullMarked
package org.postern.model;

import org.jspecify.annotations.NullMarked;
