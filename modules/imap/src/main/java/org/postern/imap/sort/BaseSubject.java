package org.postern.imap.sort;

import org.postern.mime.Headers;

/**
 * A subject without what replies and forwards put around it (RFC 5256 §2.1).
 *
 * @param text decoded, single spaces; not folded
 * @param isReplyOrForward whether something was taken off that only replies and forwards have
 */
record BaseSubject(String text, boolean isReplyOrForward) {
    private static final String FORWARD_TRAILER = "(fwd)";
    private static final String FORWARD_HEADER = "[fwd:";

    /** @param subject wire text */
    static BaseSubject of(String subject) {
        return new Extraction(oneSpaced(Headers.decode(subject))).run();
    }

    /** Step 1: tabs and continuations are spaces, and several spaces one. */
    private static String oneSpaced(String text) {
        var out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
            if (!space) {
                out.append(c);
            } else if (out.isEmpty() || out.charAt(out.length() - 1) != ' ') {
                out.append(' ');
            }
        }
        return out.toString();
    }

    /** Steps 2 to 6 over {@code text[from, to)}. */
    private static final class Extraction {
        private final String text;
        private int from;
        private int to;
        private boolean reply;

        Extraction(String text) {
            this.text = text;
            this.to = text.length();
        }

        BaseSubject run() {
            do {
                trailers();
                while (leader() || blob()) {
                    // Until neither of steps 3 and 4 finds anything (step 5).
                }
            } while (forwarded());
            return new BaseSubject(text.substring(from, to), reply);
        }

        /** Step 2: {@code subj-trailer = "(fwd)" / WSP}. */
        private void trailers() {
            while (to > from) {
                if (text.charAt(to - 1) == ' ') {
                    to--;
                } else if (startsWith(to - FORWARD_TRAILER.length(), FORWARD_TRAILER)) {
                    to -= FORWARD_TRAILER.length();
                    reply = true;
                } else {
                    return;
                }
            }
        }

        /** Step 3: {@code subj-leader = (*subj-blob subj-refwd) / WSP}. */
        private boolean leader() {
            if (from < to && text.charAt(from) == ' ') {
                from++;
                return true;
            }
            int at = from;
            for (int next = afterBlob(at); next > at; next = afterBlob(at)) {
                at = next;
            }
            int end = afterReplyOrForward(at);
            if (end > at) {
                from = end;
                reply = true;
                return true;
            }
            return false;
        }

        /** {@code subj-refwd = ("re" / ("fw" ["d"])) *WSP [subj-blob] ":"}; the end of one at {@code at}, or {@code at}. */
        private int afterReplyOrForward(int at) {
            int end;
            if (startsWith(at, "re")) {
                end = at + 2;
            } else if (startsWith(at, "fw")) {
                end = startsWith(at, "fwd") ? at + 3 : at + 2;
            } else {
                return at;
            }
            end = afterBlob(afterSpaces(end));
            return end < to && text.charAt(end) == ':' ? end + 1 : at;
        }

        /** Step 4: {@code subj-blob}, unless nothing would be left. */
        private boolean blob() {
            int end = afterBlob(from);
            if (end == from || end == to) {
                return false;
            }
            from = end;
            return true;
        }

        /** {@code subj-blob = "[" *BLOBCHAR "]" *WSP}; the end of one at {@code at}, or {@code at}. */
        private int afterBlob(int at) {
            if (at >= to || text.charAt(at) != '[') {
                return at;
            }
            for (int i = at + 1; i < to; i++) {
                char c = text.charAt(i);
                if (c == ']') {
                    return afterSpaces(i + 1);
                }
                if (c == '[') {
                    return at;
                }
            }
            return at;
        }

        private int afterSpaces(int at) {
            int end = at;
            while (end < to && text.charAt(end) == ' ') {
                end++;
            }
            return end;
        }

        /** Step 6: {@code "[fwd:" subj-base "]"}. */
        private boolean forwarded() {
            if (to - from <= FORWARD_HEADER.length()
                    || text.charAt(to - 1) != ']'
                    || !startsWith(from, FORWARD_HEADER)) {
                return false;
            }
            from += FORWARD_HEADER.length();
            to--;
            reply = true;
            return true;
        }

        private boolean startsWith(int at, String lower) {
            return at >= from && at + lower.length() <= to && text.regionMatches(true, at, lower, 0, lower.length());
        }
    }
}
