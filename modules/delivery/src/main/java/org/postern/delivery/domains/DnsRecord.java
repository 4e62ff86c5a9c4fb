package org.postern.delivery.domains;

/**
 * A record that a domain's owner is asked to publish.
 *
 * @param name without the final dot
 * @param value as a zone file has it, names with their final dot; of TXT the text alone
 */
public record DnsRecord(Purpose purpose, String name, Type type, String value) {
    private static final int MAX_STRING = 255;

    /** What a record is for. */
    public enum Purpose {
        MX(true),
        SPF(true),
        DKIM(true),
        DMARC(true),
        TLS_REPORTS(false),
        MTA_STS(false),
        SERVICES(false),
        AUTOCONFIG(false);

        private final boolean required;

        Purpose(boolean required) {
            this.required = required;
        }

        /** Without it the domain is not verified: its mail would not arrive, or not be believed. */
        public boolean isRequired() {
            return required;
        }
    }

    /** The record types that occur. */
    public enum Type {
        MX,
        TXT,
        SRV,
        CNAME
    }

    /** One line of a zone file (RFC 1035 §5); a long text in several strings. */
    public String zoneLine() {
        return name + ". IN " + type + ' ' + (type == Type.TXT ? quoted() : value);
    }

    private String quoted() {
        var line = new StringBuilder();
        for (int at = 0; at < value.length(); at += MAX_STRING) {
            var string = value.substring(at, Math.min(at + MAX_STRING, value.length()));
            line.append(line.isEmpty() ? "" : " ")
                    .append('"')
                    .append(string.replace("\\", "\\\\").replace("\"", "\\\""))
                    .append('"');
        }
        return line.toString();
    }
}
