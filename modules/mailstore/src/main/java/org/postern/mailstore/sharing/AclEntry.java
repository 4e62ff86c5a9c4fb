package org.postern.mailstore.sharing;

import org.postern.model.Rights;

/**
 * One line of a folder's access control list (RFC 4314 §2).
 *
 * @param negative whether the rights are taken and not given
 * @param rights at least one
 */
public record AclEntry(Grantee grantee, boolean negative, Rights rights) {}
