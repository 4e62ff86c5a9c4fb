/**
 * Netty: listeners, TLS, PROXY protocol, connections on virtual threads. The only package that knows Netty's channels.
 *
 * <h2>Threads</h2>
 *
 * <ul>
 *   <li>An event loop accepts, reads the PROXY header, counts, does TLS and moves bytes ({@link org.postern.net.Arrival},
 *       {@link org.postern.net.Wire}, {@link org.postern.net.Closing}). It never parses a protocol, never blocks, never
 *       touches SQL.
 *   <li>Each session is plain sequential code on a virtual thread of its own ({@link org.postern.net.SessionThread}). Only
 *       that thread touches {@link org.postern.net.Input}, {@link org.postern.net.Output} and {@link
 *       org.postern.net.Connection#await}.
 *   <li>Any thread may call {@link org.postern.net.Connection#wake}, {@link org.postern.net.Connection#end}, {@link
 *       org.postern.net.Connection#authenticated} and {@link org.postern.net.Connection#close}: they set a flag, wake the
 *       session or leave a task to the event loop, and return.
 * </ul>
 *
 * <h2>Invariants</h2>
 *
 * <ul>
 *   <li>Pooled buffers never leave the event loop: what is received is copied once into a heap array, what is sent is a
 *       wrapped heap array. So no session can leak one, and no allocator sees a virtual thread.
 *   <li>Received and untaken bytes of a connection are bounded by {@link org.postern.net.NetLimits#inboxBytes} and one read
 *       of the socket; sent and untaken ones by {@link org.postern.net.NetLimits#outboxBytes}. An idle connection holds
 *       neither buffers nor timers.
 *   <li>The switch to TLS is one task of the event loop: inbox seen empty, handler added, reply written below it. Whatever
 *       comes after that task is TLS or an error; whatever came before it makes the switch fail (RFC 3207 §6).
 *   <li>A place on the node is taken when the client's address is known and given back when its channel is closed; a place
 *       among its network's strangers ends with {@link org.postern.net.Connection#authenticated}. A proxy's own checks
 *       take none.
 *   <li>A refused client is told why, on TLS ports after a handshake, as often as {@link
 *       org.postern.net.NetLimits#spokenRefusalsPerSecond} allows; a flood beyond that costs an accept and a close each.
 *   <li>Every connection ends: each state has a deadline, and an ended session is cut after a grace.
 * </ul>
 */
@NullMarked
package org.postern.net;

import org.jspecify.annotations.NullMarked;
