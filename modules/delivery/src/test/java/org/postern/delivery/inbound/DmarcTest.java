package org.postern.delivery.inbound;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.delivery.dns.Dns;
import org.postern.delivery.dns.DnsSettings;
import org.postern.mime.Headers;
import org.postern.testkit.FakeDns;

class DmarcTest {
    private static final String EIGHT_LABELS = "c.d.e.f.g.h.i.example";

    @AutoClose
    private final FakeDns names = new FakeDns();

    private final Dmarc dmarc = new Dmarc(new Lookups(
            new Dns(DnsSettings.DEFAULT.asking(List.of(names.address()))), Deadline.in(Inspection.LONGEST)));

    private DmarcVerdict check(String domain) {
        var from = Headers.of(("From: x@" + domain + "\r\n").getBytes(US_ASCII)).addresses("from");
        return dmarc.check(from, Optional.empty(), List.of());
    }

    @Test
    @DisplayName("MAX_LABELS: above a long name a policy counts from the eighth label on, and nobody is asked below")
    void boundOfLabels() {
        names.txt("_dmarc." + EIGHT_LABELS, "v=DMARC1; p=none; sp=reject");
        names.txt("_dmarc.b2." + EIGHT_LABELS.replace('c', 'k'), "v=DMARC1; p=reject");
        assertThat(check("a.b." + EIGHT_LABELS).asked()).isEqualTo(DmarcPolicy.Disposition.REJECT);
        assertThat(names.asked()).noneMatch(name -> name.contains("_dmarc.b." + EIGHT_LABELS));
        assertThat(check("a.b2." + EIGHT_LABELS.replace('c', 'k')).result()).isEqualTo(DmarcVerdict.Result.NONE);
    }
}
