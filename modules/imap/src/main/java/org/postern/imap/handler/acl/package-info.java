/** Commands about who may do what in a folder (RFC 4314 §3). */
@NullMarked
package org.postern.imap.handler.acl;

import org.jspecify.annotations.NullMarked;
