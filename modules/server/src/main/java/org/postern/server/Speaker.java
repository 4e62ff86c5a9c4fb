package org.postern.server;

import org.postern.net.Refusals;
import org.postern.net.SessionFactory;

/** How one protocol is spoken: its sessions, and its words outside of any command. */
record Speaker(SessionFactory sessions, Refusals refusals) {}
