/**
 * Accounts, domains, mailboxes, client tokens; plans, caps, send quotas, access switches, login penalties: who may do
 * what, now.
 *
 * <p>PostgreSQL decides every cap and quota, so the answers are exact whatever the number of nodes. Invariants:
 *
 * <ul>
 *   <li>A secret is never stored, logged or put into an event; a token is found by the SHA-256 of its canonical form.
 *   <li>What a node remembers of logins lets nobody in: the statement that takes the slot asks for all of it again.
 *   <li>All refusals of a login that lacks the right secret are the same object, after the same statements.
 *   <li>Connections counted for a mailbox and protocol never exceed its cap: counted under a lock, in the statement after
 *       it, and only rows of nodes whose lease runs; a node ends its sessions before its lease does.
 *   <li>A quota's slots are taken for account and mailbox together, or not at all.
 * </ul>
 *
 * <p>All types may be shared by any number of threads unless they say otherwise.
 */
@NullMarked
package org.postern.accounts;

import org.jspecify.annotations.NullMarked;
