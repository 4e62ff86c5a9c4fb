package org.postern.delivery.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.delivery.dns.NameServers.Outcome;
import org.postern.testkit.FakeDns;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

class NameServersTest {
    private static final int DAY = 86_400;

    @AutoClose
    private final FakeDns names = new FakeDns();

    private final NameServers servers = servers(true);

    private NameServers servers(boolean trustAd) {
        return new NameServers(
                DnsSettings.DEFAULT.asking(List.of(names.address())).trustingAd(trustAd));
    }

    private static Outcome ask(NameServers servers, String name) {
        try {
            return servers.ask(Name.fromString(name + '.'), Type.TXT);
        } catch (TextParseException e) {
            throw new AssertionError(e);
        }
    }

    private Outcome.Said said(String name) {
        return (Outcome.Said) ask(servers, name);
    }

    @Test
    @DisplayName("RFC 1034 §3.6.2, MAX_ALIASES: so many are followed, and one more leads nowhere")
    void boundOfAliases() {
        names.txt("a0.example", "found");
        for (int i = 1; i <= NameServers.MAX_ALIASES + 1; i++) {
            names.cname("a" + i + ".example", "a" + (i - 1) + ".example");
        }
        var last = said("a" + NameServers.MAX_ALIASES + ".example");
        assertThat(last.records()).hasSize(1);
        assertThat(last.name()).hasToString("a0.example.");
        assertThat(ask(servers, "a" + (NameServers.MAX_ALIASES + 1) + ".example"))
                .isEqualTo(new Outcome.Silent("more than 8 aliases"));
    }

    @Test
    @DisplayName("LONGEST, and RFC 2308 §5 with LONGEST_NONE: as long as the answer says, within bounds")
    void boundsOfTime() {
        names.holding(DAY).txt("day.example", "x").holding(DAY + 1).txt("more.example", "x");
        names.holding(30).cname("alias.example", "day.example");
        assertThat(said("day.example").holds()).isEqualTo(NameServers.LONGEST);
        assertThat(said("more.example").holds()).isEqualTo(NameServers.LONGEST);
        assertThat(said("alias.example").holds()).isEqualTo(Duration.ofSeconds(30));
        assertThat(said("none.example").holds()).isZero();
        names.absent("hour.test", 3_600).absent("more.test", 3_601).absent("short.test", 5);
        assertThat(said("x.hour.test").holds()).isEqualTo(NameServers.LONGEST_NONE);
        assertThat(said("x.more.test").holds()).isEqualTo(NameServers.LONGEST_NONE);
        assertThat(said("x.short.test").holds()).isEqualTo(Duration.ofSeconds(5));
        assertThat(said("x.short.test").noSuchName()).isTrue();
    }

    @Test
    @DisplayName("what is known is not asked again; failures, and what no SOA vouches for, are")
    void remembers() {
        names.txt("known.example", "x").fail("lame.example");
        for (int i = 0; i < 2; i++) {
            assertThat(said("known.example").records()).hasSize(1);
            assertThat(ask(servers, "lame.example")).isEqualTo(new Outcome.Silent("the name server says SERVFAIL"));
            assertThat(said("none.example").records()).isEmpty();
        }
        assertThat(names.asked()).filteredOn("known.example TXT"::equals).hasSize(1);
        assertThat(names.asked()).filteredOn("none.example TXT"::equals).hasSizeGreaterThanOrEqualTo(2);
        assertThat(names.asked()).filteredOn("lame.example TXT"::equals).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    @DisplayName("RFC 6840 §5.7: authentic is what a trusted server says is, the whole way")
    void authentic() {
        names.sign("signed.example").txt("signed.example", "x").txt("unsigned.example", "x");
        names.cname("in.signed.example", "signed.example").cname("out.signed.example", "unsigned.example");
        assertThat(said("signed.example").secure()).isTrue();
        assertThat(said("in.signed.example").secure()).isTrue();
        assertThat(said("out.signed.example").secure()).isFalse();
        assertThat(said("unsigned.example").secure()).isFalse();
        assertThat(((Outcome.Said) ask(servers(false), "signed.example")).secure())
                .isFalse();
    }
}
