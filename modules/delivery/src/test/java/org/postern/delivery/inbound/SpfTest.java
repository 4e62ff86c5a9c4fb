package org.postern.delivery.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.delivery.dns.Dns;
import org.postern.delivery.dns.DnsSettings;
import org.postern.model.Address;
import org.postern.testkit.FakeDns;

class SpfTest {
    @AutoClose
    private static final FakeDns DNS = new FakeDns();

    private static Spf spf;

    @BeforeAll
    static void records() {
        spf = new Spf(new Lookups(
                new Dns(DnsSettings.DEFAULT.asking(List.of(DNS.address()))), Deadline.in(Inspection.LONGEST)));
        DNS.txt("pass.example", "v=spf1 ip4:192.0.2.0/24 -all")
                .txt("soft.example", "v=spf1 ip4:192.0.2.9 ~all")
                .txt("neutral.example", "v=spf1 ?all")
                .txt("silent.example", "v=spf1")
                .txt("six.example", "v=spf1 ip6:2001:db8::/32 -all")
                .txt("other.example", "something else")
                .txt("two.example", "v=spf1 -all")
                .txt("two.example", "v=spf1 +all")
                .txt("broken.example", "v=spf1 ip4:192.0.2.0/33 +all")
                .txt("unknown.example", "v=spf1 wrong +all")
                .txt("modifier.example", "v=spf1 odd=thing +all")
                .txt("a.example", "v=spf1 a a:hosts.example/25 -all")
                .host("a.example", "203.0.113.1")
                .host("hosts.example", "192.0.2.100", "2001:db8::1")
                .txt("mx.example", "v=spf1 mx -all")
                .mx("mx.example", 10, "hosts.example")
                .host("hosts2.example", "192.0.2.1")
                .txt("mxpass.example", "v=spf1 mx//64 -all")
                .mx("mxpass.example", 10, "hosts2.example")
                .txt("include.example", "v=spf1 include:pass.example -all")
                .txt("includesfail.example", "v=spf1 include:soft.example ?all")
                .txt("includesnone.example", "v=spf1 include:other.example -all")
                .txt("redirect.example", "v=spf1 redirect=pass.example")
                .txt("redirectsnone.example", "v=spf1 redirect=other.example")
                .txt("exists.example", "v=spf1 exists:%{ir}.%{l1r-}.%{v}._spf.%{d2} -all")
                .host("1.2.0.192.ann.in-addr._spf.exists.example", "127.0.0.2")
                .txt("macro.example", "v=spf1 exists:%{x} -all")
                .ptr("192.0.2.1", "mail.ptr.example")
                .host("mail.ptr.example", "192.0.2.1")
                .txt("ptr.example", "v=spf1 ptr -all")
                .txt("noptr.example", "v=spf1 ptr -all")
                .txt("void2.example", "v=spf1 a:v1.example a:v2.example +all")
                .txt("void3.example", "v=spf1 a:v1.example a:v2.example a:v3.example +all")
                .txt("ten.example", "v=spf1" + " a:hosts.example".repeat(10) + " +all")
                .txt("eleven.example", "v=spf1" + " a:hosts.example".repeat(11) + " +all")
                .txt("loop.example", "v=spf1 include:loop.example -all")
                .txt("away.example", "v=spf1 include:failing.example -all")
                .fail("failing.example");
        for (int i = 0; i < 11; i++) {
            DNS.mx("manymx.example", i, "hosts.example");
        }
        DNS.txt("manymx.example", "v=spf1 mx +all");
    }

    @ParameterizedTest
    @CsvSource({
        "pass.example, 192.0.2.1, PASS",
        "pass.example, 198.51.100.1, FAIL",
        "pass.example, 2001:db8::1, FAIL",
        "soft.example, 192.0.2.1, SOFTFAIL",
        "neutral.example, 192.0.2.1, NEUTRAL",
        "silent.example, 192.0.2.1, NEUTRAL",
        "six.example, 2001:db8:1::1, PASS",
        "other.example, 192.0.2.1, NONE",
        "nothing.example, 192.0.2.1, NONE",
        "two.example, 192.0.2.1, PERMERROR",
        "broken.example, 192.0.2.1, PERMERROR",
        "unknown.example, 192.0.2.1, PERMERROR",
        "modifier.example, 192.0.2.1, PASS",
        "a.example, 203.0.113.1, PASS",
        "a.example, 192.0.2.1, PASS",
        "a.example, 192.0.2.200, FAIL",
        "a.example, 2001:db8::1, PASS",
        "mx.example, 192.0.2.100, PASS",
        "mx.example, 192.0.2.1, FAIL",
        "mxpass.example, 192.0.2.1, PASS",
        "include.example, 192.0.2.1, PASS",
        "include.example, 198.51.100.1, FAIL",
        "includesfail.example, 192.0.2.1, NEUTRAL",
        "includesnone.example, 192.0.2.1, PERMERROR",
        "redirect.example, 192.0.2.1, PASS",
        "redirectsnone.example, 192.0.2.1, PERMERROR",
        "exists.example, 192.0.2.1, PASS",
        "exists.example, 192.0.2.2, FAIL",
        "macro.example, 192.0.2.1, PERMERROR",
        "ptr.example, 192.0.2.1, PASS",
        "noptr.example, 192.0.2.1, FAIL",
        "void2.example, 192.0.2.1, PASS",
        "void3.example, 192.0.2.1, PERMERROR",
        "ten.example, 192.0.2.250, PASS",
        "eleven.example, 192.0.2.250, PERMERROR",
        "loop.example, 192.0.2.1, PERMERROR",
        "manymx.example, 192.0.2.1, PERMERROR",
        "away.example, 192.0.2.1, TEMPERROR",
        "failing.example, 192.0.2.1, TEMPERROR",
    })
    @DisplayName("RFC 7208 §4, §5, §6, §7: what a domain says of a client, within ten look-ups and two void ones")
    void checks(String domain, String client, SpfResult result) {
        assertThat(spf.check(InetAddress.ofLiteral(client), Address.parse("ann@" + domain), "mail.example"))
                .isEqualTo(result);
    }

    @Test
    @DisplayName("RFC 7208 §2.4: the null return path is asked about by the name of EHLO, if that is one")
    void helo() {
        var client = InetAddress.ofLiteral("192.0.2.1");
        assertThat(spf.check(client, Optional.empty(), "pass.example")).isEqualTo(SpfResult.PASS);
        assertThat(spf.check(client, Optional.empty(), "[192.0.2.1]")).isEqualTo(SpfResult.NONE);
    }
}
