package org.postern.delivery.dns;

/**
 * What the DNS says, and whether that is proven.
 *
 * @param secure a name server that validates has found the whole of it signed, aliases on the way included (RFC 4035 §3.2.3); what is
 *     forged is no answer at all
 * @param name whose records they are: the one that was asked for, or what it is an alias of
 */
public record Secured<T>(Answer<T> answer, boolean secure, String name) {}
