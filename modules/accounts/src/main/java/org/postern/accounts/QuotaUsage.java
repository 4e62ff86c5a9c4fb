package org.postern.accounts;

import java.time.Instant;
import org.postern.model.SendQuota;

/**
 * A send quota as it stands.
 *
 * @param used in the window that ends now
 * @param nextSlot when a weight of one fits: now or later
 */
public record QuotaUsage(SendQuota quota, long used, Instant nextSlot) {}
