package org.postern.accounts;

import org.postern.model.AccountId;
import org.postern.model.Address;
import org.postern.model.MailboxId;
import org.postern.model.TokenId;

/** Who has proved to be who: a mailbox and the client token that proved it. */
record Identity(MailboxId mailbox, AccountId account, Address address, TokenId token, String tokenName) {}
