package org.postern.mailstore;

import org.postern.model.StorageLimit;

/**
 * Nothing was stored: the mailbox would hold more than its plan allows (RFC 9208 §4.1.5 OVERQUOTA).
 *
 * @param resource what there is too much of
 * @param used held now
 * @param max allowed
 */
public record OverQuota(StorageLimit.Resource resource, long used, long max) implements NotStored {
    static OverQuota of(StorageLimit.Resource resource, long used, StorageLimit limit) {
        return new OverQuota(resource, used, limit.max(resource));
    }
}
