/** Commands about folders by name: their tree, their counters, their quota, and which one is selected (RFC 3501 §6.3). */
@NullMarked
package org.postern.imap.handler.folder;

import org.jspecify.annotations.NullMarked;
