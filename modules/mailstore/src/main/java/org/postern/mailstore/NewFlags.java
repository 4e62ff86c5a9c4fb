package org.postern.mailstore;

import org.postern.model.Flags;
import org.postern.model.UidSet;

/** Messages that now have these flags, all of them alike. */
public record NewFlags(Flags flags, UidSet uids) {}
