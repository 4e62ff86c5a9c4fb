package org.postern.delivery.relay.client;

/** Doubles the dots that begin a line (RFC 5321 §4.5.2), block by block. */
final class DotStuffing {
    private byte last = '\n';
    private byte lastButOne = '\r';

    /**
     * One block of the message.
     *
     * @param out has room for twice the block
     * @return how many bytes of {@code out} are to be sent
     */
    int stuff(byte[] block, int length, byte[] out) {
        int to = 0;
        for (int i = 0; i < length; i++) {
            byte b = block[i];
            if (b == '.' && last == '\n') {
                out[to++] = '.';
            }
            out[to++] = b;
            lastButOne = last;
            last = b;
        }
        return to;
    }

    /** What ends the message: its own last line first, if that is open. */
    byte[] end() {
        return lastButOne == '\r' && last == '\n'
                ? new byte[] {'.', '\r', '\n'}
                : new byte[] {'\r', '\n', '.', '\r', '\n'};
    }
}
