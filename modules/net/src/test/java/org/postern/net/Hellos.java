package org.postern.net;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/** Client hellos that the JDK's own client does not make. */
final class Hellos {
    private Hellos() {}

    /** @param version of the legacy version field: 0x0302 is TLS 1.1, and without extensions nothing newer is offered */
    static byte[] clientHello(int version) {
        var body = new ByteArrayOutputStream();
        body.write(version >> 8);
        body.write(version);
        body.writeBytes(new byte[32]); // random
        body.write(0); // no session id
        body.writeBytes(HexFormat.of().parseHex("0006c02fc014002f")); // three cipher suites
        body.writeBytes(HexFormat.of().parseHex("0100")); // no compression
        var record = new ByteArrayOutputStream();
        record.writeBytes(HexFormat.of().parseHex("160301"));
        record.write((body.size() + 4) >> 8);
        record.write(body.size() + 4);
        record.writeBytes(HexFormat.of().parseHex("0100"));
        record.write(body.size() >> 8);
        record.write(body.size());
        record.writeBytes(body.toByteArray());
        return record.toByteArray();
    }
}
