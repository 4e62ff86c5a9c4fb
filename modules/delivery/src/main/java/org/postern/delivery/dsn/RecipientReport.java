package org.postern.delivery.dsn;

import java.util.Optional;
import org.postern.model.Address;

/**
 * What a report says of one recipient (RFC 3464 §2.3).
 *
 * @param orcpt RCPT's ORCPT as on the wire: {@code rfc822;} and xtext
 * @param status {@code x.y.z} (RFC 3463)
 * @param host whose reply it is; empty: our own decision
 * @param reply the SMTP reply, code first
 */
public record RecipientReport(
        Address address,
        Optional<String> orcpt,
        Action action,
        String status,
        Optional<String> host,
        Optional<String> reply) {

    /** One line for people. */
    String sentence() {
        var said = reply.map(text -> host.map(name -> name + " said: " + text).orElse(text))
                .orElse("");
        return said.isEmpty() ? "<" + address + ">" : "<" + address + ">: " + said;
    }
}
