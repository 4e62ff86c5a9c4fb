package org.postern.accounts;

import java.time.Instant;
import org.postern.model.NewRecipientLimit;

/**
 * A limit of new recipients as it stands.
 *
 * @param used in the day that ends now
 * @param nextSlot when one more fits: now or later
 */
public record NewRecipientUsage(NewRecipientLimit limit, long used, Instant nextSlot) {}
