package org.postern.delivery.dkim;

import java.security.PrivateKey;
import org.postern.model.Domain;

/** A key that signs in a domain's name. */
record SigningKey(Domain domain, String selector, KeyAlgorithm algorithm, PrivateKey privateKey) {}
