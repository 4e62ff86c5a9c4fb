package org.postern.accounts;

import java.time.Instant;
import org.postern.model.AccountId;
import org.postern.model.PlanName;

/** An account as an administrator sees it. */
public record AccountInfo(
        AccountId id,
        AccountName name,
        PlanName plan,
        boolean suspended,
        Instant createdAt,
        int domains,
        int mailboxes) {}
