package org.postern.accounts.event;

/** An event in the table; ids grow about as time does. */
public record RecordedEvent(long id, Event event) {}
