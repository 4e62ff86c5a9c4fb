package org.postern.pop3;

/** The states in which a command is known (RFC 1939 §3); UPDATE is QUIT itself. */
enum Pop3State {
    AUTHORIZATION,
    TRANSACTION,
    ANY
}
