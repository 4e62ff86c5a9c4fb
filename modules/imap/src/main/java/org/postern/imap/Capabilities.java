package org.postern.imap;

import java.util.ArrayList;
import java.util.List;
import org.postern.net.TlsMode;

/** What the server can do, as CAPABILITY says it; every name has a transcript (RFC 3501 §7.2.1). */
final class Capabilities {
    private static final List<String> ALWAYS =
            List.of("IMAP4rev1", "IMAP4rev2", "SASL-IR", "LITERAL+", "ID", "ENABLE", "IDLE");
    private static final List<String> LOGGED_IN = List.of(
            "NAMESPACE",
            "CHILDREN",
            "UIDPLUS",
            "MOVE",
            "UNSELECT",
            "SPECIAL-USE",
            "CREATE-SPECIAL-USE",
            "WITHIN",
            "ESEARCH",
            "SEARCHRES",
            "PARTIAL",
            "I18NLEVEL=1",
            "STATUS=SIZE",
            "LIST-EXTENDED",
            "LIST-STATUS",
            "PREVIEW",
            "MULTIAPPEND",
            "BINARY",
            "REPLACE",
            "OBJECTID",
            "SAVEDATE",
            "UTF8=ACCEPT",
            "CONDSTORE",
            "QRESYNC");

    private Capabilities() {}

    /** Before login: how to log in, or that it is not possible in clear (RFC 3501 §6.2.1, §6.2.3). */
    static List<String> beforeLogin(boolean secure, TlsMode mode) {
        var names = new ArrayList<>(ALWAYS);
        if (secure) {
            names.add("AUTH=PLAIN");
            names.add("AUTH=LOGIN");
        } else {
            if (mode != TlsMode.IMPLICIT) {
                names.add("STARTTLS");
            }
            names.add("LOGINDISABLED");
        }
        return names;
    }

    /** @param maxMessageBytes the plan's, told as APPENDLIMIT (RFC 7889 §2) */
    static List<String> afterLogin(long maxMessageBytes) {
        var names = new ArrayList<>(ALWAYS);
        names.addAll(LOGGED_IN);
        names.add("APPENDLIMIT=" + maxMessageBytes);
        return names;
    }
}
