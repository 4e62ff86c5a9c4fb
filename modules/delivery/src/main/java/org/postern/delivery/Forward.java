package org.postern.delivery;

import java.util.List;
import java.util.Optional;
import org.postern.model.Address;

/**
 * A message about to be passed on.
 *
 * @param contentId what it will be in the queue; its content is there already
 * @param front the signatures that another host gets before the content
 * @param copiesLeft how many copies each of those whom it goes to may make of it in turn
 * @param keepsCopy whether the mailbox also gets it
 */
record Forward(
        long contentId,
        QueuedMail original,
        Optional<Address> returnPath,
        String front,
        long size,
        int copiesLeft,
        List<Recipient> to,
        boolean keepsCopy) {}
