package org.postern.imap;

import java.util.ArrayList;
import java.util.List;
import org.postern.model.Rights;

/** What the server can do, as CAPABILITY says it; every name has a transcript (RFC 3501 §7.2.1). */
final class Capabilities {
    private static final List<String> ALWAYS =
            List.of("IMAP4rev1", "IMAP4rev2", "SASL-IR", "LITERAL+", "ID", "ENABLE", "IDLE");
    private static final List<String> LOGGED_IN = List.of(
            "NAMESPACE",
            "NOTIFY",
            "CHILDREN",
            "UIDPLUS",
            "MOVE",
            "UNSELECT",
            "SPECIAL-USE",
            "CREATE-SPECIAL-USE",
            "WITHIN",
            "ESEARCH",
            "MULTISEARCH",
            "SEARCH=FUZZY",
            "CONTEXT=SEARCH",
            "CONTEXT=SORT",
            "INPROGRESS",
            "SEARCHRES",
            "PARTIAL",
            "I18NLEVEL=1",
            "SORT",
            "SORT=DISPLAY",
            "ESORT",
            "THREAD=ORDEREDSUBJECT",
            "THREAD=REFERENCES",
            "STATUS=SIZE",
            "LIST-EXTENDED",
            "LIST-STATUS",
            "LIST-METADATA",
            "LIST-MYRIGHTS",
            "ACL",
            "RIGHTS=" + Rights.NEW_LETTERS,
            "METADATA",
            "PREVIEW",
            "MULTIAPPEND",
            "CATENATE",
            "BINARY",
            "REPLACE",
            "OBJECTID",
            "SAVEDATE",
            "UTF8=ACCEPT",
            "COMPRESS=DEFLATE",
            "UNAUTHENTICATE",
            "UIDONLY",
            "QUOTA",
            "QUOTA=RES-STORAGE",
            "QUOTA=RES-MESSAGE",
            "CONDSTORE",
            "QRESYNC");

    private Capabilities() {}

    /**
     * Before login, under TLS: how to log in (RFC 3501 §6.2.2).
     *
     * @param mechanisms the names that AUTHENTICATE takes
     */
    static List<String> beforeLogin(List<String> mechanisms) {
        var names = new ArrayList<>(ALWAYS);
        mechanisms.forEach(mechanism -> names.add("AUTH=" + mechanism));
        return names;
    }

    /** In clear: that TLS comes first (RFC 3501 §6.2.1, §6.2.3). */
    static List<String> inClear() {
        var names = new ArrayList<>(ALWAYS);
        names.add("STARTTLS");
        names.add("LOGINDISABLED");
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
