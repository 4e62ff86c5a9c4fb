package org.postern.delivery.inbound;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.postern.delivery.dkim.DkimVerdict;
import org.postern.model.Address;
import org.postern.model.Domain;

/** The Authentication-Results field (RFC 8601): what we have found out, for mail apps and filters. */
final class AuthenticationResults {
    private AuthenticationResults() {}

    /** With its line end. */
    static String field(
            Domain host,
            SpfResult spf,
            Optional<Address> returnPath,
            String helo,
            List<DkimVerdict> dkim,
            DmarcVerdict dmarc) {
        var field = new StringBuilder("Authentication-Results: ").append(host);
        field.append(";\r\n\tspf=").append(spf.lowerCase());
        field.append(returnPath
                .map(address -> " smtp.mailfrom=" + quotedIfNeeded(address.toString()))
                .orElse(" smtp.helo=" + quotedIfNeeded(helo)));
        if (dkim.isEmpty()) {
            field.append(";\r\n\tdkim=none");
        }
        for (var verdict : dkim) {
            field.append(";\r\n\tdkim=").append(verdict.result().name().toLowerCase(Locale.ROOT));
            if (!verdict.why().isEmpty()) {
                field.append(" reason=\"").append(plain(verdict.why())).append('"');
            }
            verdict.domain().ifPresent(domain -> field.append(" header.d=").append(domain));
            verdict.selector().ifPresent(selector -> field.append(" header.s=").append(selector));
            if (!verdict.beginning().isEmpty()) {
                field.append(" header.b=\"").append(verdict.beginning()).append('"');
            }
        }
        field.append(";\r\n\tdmarc=").append(dmarc.result().lowerCase());
        if (dmarc.result() != DmarcVerdict.Result.NONE) {
            field.append(" policy.dmarc=").append(dmarc.asked().lowerCase());
        }
        dmarc.from().ifPresent(domain -> field.append(" header.from=").append(domain));
        return field.append("\r\n").toString();
    }

    /** {@code value} is a token, or a quoted string (RFC 8601 §2.2). */
    private static String quotedIfNeeded(String text) {
        boolean isToken =
                !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 0x7F && "()<>,;:\\\"/[]?=".indexOf(c) < 0);
        return isToken ? text : '"' + plain(text) + '"';
    }

    /** Nothing that would end the quotes or the line. */
    private static String plain(String text) {
        var shown = new StringBuilder();
        text.codePoints().forEach(c -> shown.appendCodePoint(c < ' ' || c == 0x7F || c == '"' || c == '\\' ? '?' : c));
        return shown.toString();
    }
}
