package org.postern.delivery.inbound;

import org.postern.delivery.Letter;

/**
 * A message that has been looked at.
 *
 * @param letter with what was found in front
 */
public record Judged(Letter letter, Judgement judgement) {}
