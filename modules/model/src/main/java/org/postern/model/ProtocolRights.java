package org.postern.model;

/** What a plan allows over one protocol. */
public record ProtocolRights(ConnectionCap cap, OutsideAccess outsideAccess) {
    /** With access from outside on from the start. */
    public static ProtocolRights of(ConnectionCap cap) {
        return new ProtocolRights(cap, OutsideAccess.ON);
    }
}
