@NullMarked
package org.postern.delivery.relay.client;

import org.jspecify.annotations.NullMarked;
