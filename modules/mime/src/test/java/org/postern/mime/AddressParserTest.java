package org.postern.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.mime.EnvelopeAddress.Mailbox;

/** What the corpus does not show of {@link AddressParser}. */
class AddressParserTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "NIL",
            quoteCharacter = '`',
            value = {
                "joe@example.org|NIL|joe|example.org",
                "<joe@example.org>|NIL|joe|example.org",
                "Joe <joe@example.org>|Joe|joe|example.org",
                "Joe Q. Public <john.q.public@example.com>|Joe Q. Public|john.q.public|example.com",
                "\"Giant; \\\"Big\\\" Box\" <sysservices@example.net>|Giant; \"Big\" Box|sysservices|example.net",
                "Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>|Pete|pete|silly.test",
                "\"Joe & J. Harvey\" <ddd @Org>|Joe & J. Harvey|ddd|Org",
                "Mary Smith <@machine.tld:mary@example.net>|Mary Smith|mary|example.net",
                "john . doe @ example . org|NIL|john.doe|example.org",
                "\"a@b\"@example.org|NIL|a@b|example.org",
                "Joe <\"very unusual\"@example.org>|Joe|very unusual|example.org",
                "=?utf-8?b?SsO2cmc=?= <j@example.org>|=?utf-8?b?SsO2cmc=?=|j|example.org",
                "joe@[IPv6:2001:db8::1]|NIL|joe|[IPv6:2001:db8::1]",
                "Joe <joe@example.org|Joe|joe|example.org",
                "mailto joe@example.org|mailto|joe|example.org",
                "joe@example.org (Joe)|Joe|joe|example.org",
                "\"\" <joe@example.org>|NIL|joe|example.org",
                "'Joe' <joe@example.org>|'Joe'|joe|example.org",
                "J=?oe <j=o?e@ex=ample.org>|J=?oe|j=o?e|ex=ample.org",
                "J\"oe <joe@example.org>|J\"oe|joe|example.org",
                "<jo\"e@example.org>|NIL|jo\"e|example.org",
                "joe@ho:st=\"x|NIL|joe|ho:st=\"x",
            })
    @DisplayName("RFC 5322 §3.4, §4.4: one address")
    void one(String text, String name, String mailbox, String host) {
        var addresses = AddressParser.parse(text, 10, new Kept(10_000));
        assertThat(addresses).hasSize(1);
        var found = (Mailbox) addresses.getFirst();
        assertThat(List.of(found.name(), found.mailbox(), found.host()))
                .isEqualTo(List.of(Optional.ofNullable(name), mailbox, host));
    }
}
