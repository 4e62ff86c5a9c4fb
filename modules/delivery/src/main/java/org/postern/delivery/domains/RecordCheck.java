package org.postern.delivery.domains;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.postern.delivery.dkim.TagList;
import org.postern.delivery.dns.Answer;
import org.postern.delivery.dns.Dns;
import org.postern.delivery.domains.DnsRecord.Purpose;
import org.postern.delivery.domains.Finding.State;

/** Compares records with the DNS: by what they do, where they may be written in several ways. */
final class RecordCheck {
    private final Dns dns;

    RecordCheck(Dns dns) {
        this.dns = dns;
    }

    /** @param all the domain's records, for MX is a set of them */
    Finding check(DnsRecord wanted, List<DnsRecord> all) {
        return switch (wanted.type()) {
            case MX -> mx(wanted, all);
            case TXT -> text(wanted);
            case SRV -> srv(wanted);
            case CNAME -> cname(wanted);
        };
    }

    /** Mail must go to our hosts and nowhere else; the preferences are the owner's. */
    private Finding mx(DnsRecord wanted, List<DnsRecord> all) {
        var ours = all.stream()
                .filter(record -> record.purpose() == Purpose.MX)
                .map(RecordCheck::lastWord)
                .collect(Collectors.toSet());
        return compared(
                wanted,
                shown(dns.mx(wanted.name()), mx -> mx.preference() + " " + mx.host() + '.'),
                found -> found.stream()
                        .map(RecordCheck::lastWord)
                        .collect(Collectors.toSet())
                        .equals(ours));
    }

    private static String lastWord(DnsRecord record) {
        return lastWord(record.value());
    }

    private static String lastWord(String value) {
        return value.substring(value.lastIndexOf(' ') + 1).toLowerCase(Locale.ROOT);
    }

    private Finding text(DnsRecord wanted) {
        var version = wanted.value().split("[; ]", 2)[0];
        var answer = narrowed(dns.txt(wanted.name()), text -> text.startsWith(version));
        return compared(wanted, answer, found -> found.size() == 1 && isMet(wanted, found.getFirst()));
    }

    private static boolean isMet(DnsRecord wanted, String found) {
        return switch (wanted.purpose()) {
            case SPF -> mechanisms(found).containsAll(mechanisms(wanted.value()));
            case DKIM -> tag(found, "p").equals(tag(wanted.value(), "p"));
            // A stricter or a milder policy is the owner's own choice.
            case DMARC -> Set.of("none", "quarantine", "reject").contains(tag(found, "p"));
            case TLS_REPORTS -> !tag(found, "rua").isEmpty();
            case MTA_STS -> !tag(found, "id").isEmpty();
            case MX, SERVICES, AUTOCONFIG -> found.equals(wanted.value());
        };
    }

    private static String tag(String text, String name) {
        return TagList.parse(text).flatMap(tags -> tags.compact(name)).orElse("");
    }

    /** Who may send by it; what becomes of all others is the owner's choice. */
    private static Set<String> mechanisms(String spf) {
        return Arrays.stream(spf.toLowerCase(Locale.ROOT).split(" +"))
                .filter(word -> !word.matches("[-~?+]?all"))
                .collect(Collectors.toSet());
    }

    private Finding srv(DnsRecord wanted) {
        var answer = shown(
                dns.srv(wanted.name()),
                srv -> srv.priority() + " " + srv.weight() + ' ' + srv.port() + ' ' + srv.host() + '.');
        return compared(wanted, answer, found -> found.stream().anyMatch(srv -> isSameService(srv, wanted.value())));
    }

    private static boolean isSameService(String one, String other) {
        return Arrays.equals(portAndHost(one), portAndHost(other));
    }

    private static String[] portAndHost(String srv) {
        var words = srv.toLowerCase(Locale.ROOT).split(" ", -1);
        return Arrays.copyOfRange(words, 2, words.length);
    }

    private Finding cname(DnsRecord wanted) {
        return compared(
                wanted,
                shown(dns.cname(wanted.name()), host -> host + '.'),
                found -> found.stream().anyMatch(wanted.value()::equalsIgnoreCase));
    }

    private static <T> Answer<String> shown(Answer<T> answer, Function<T, String> text) {
        return switch (answer) {
            case Answer.Found<T>(var values) ->
                new Answer.Found<>(values.stream().map(text).toList());
            case Answer.None<T>(var noSuchDomain) -> new Answer.None<>(noSuchDomain);
            case Answer.Unknown<T>(var why) -> new Answer.Unknown<>(why);
        };
    }

    private static Answer<String> narrowed(Answer<String> answer, Predicate<String> wanted) {
        if (answer instanceof Answer.Found<String>(var values)) {
            var kept = values.stream().filter(wanted).toList();
            return kept.isEmpty() ? new Answer.None<>(false) : new Answer.Found<>(kept);
        }
        return answer;
    }

    private static Finding compared(DnsRecord wanted, Answer<String> answer, Predicate<List<String>> isMet) {
        return switch (answer) {
            case Answer.Found<String>(var found) ->
                new Finding(wanted, isMet.test(found) ? State.PRESENT : State.DIFFERENT, found);
            case Answer.None<String> none -> new Finding(wanted, State.MISSING, List.of());
            case Answer.Unknown<String>(var why) -> new Finding(wanted, State.UNKNOWN, List.of(why));
        };
    }
}
