package org.postern.accounts;

import java.time.Instant;
import java.util.Optional;
import org.postern.model.AccountId;
import org.postern.model.Domain;
import org.postern.model.MailboxId;

/** A domain as an administrator sees it. */
public record DomainInfo(Domain domain, AccountId account, Optional<MailboxId> catchAll, Instant createdAt) {}
