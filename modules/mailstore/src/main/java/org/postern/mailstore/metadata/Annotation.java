package org.postern.mailstore.metadata;

import java.util.Optional;

/**
 * One entry and what it says (RFC 5464 §3.1).
 *
 * @param value one character a byte; empty where there is none
 */
public record Annotation(MetadataEntry entry, Optional<String> value) {}
