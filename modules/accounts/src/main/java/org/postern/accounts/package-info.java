/** Accounts, domains, mailboxes, client tokens; plans, caps, send quotas, access switches, login penalties: who may do what, now. */
@NullMarked
package org.postern.accounts;

import org.jspecify.annotations.NullMarked;
