package org.postern.delivery.dkim;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.postern.delivery.dkim.DkimVerdict.Result;
import org.postern.delivery.dns.Answer;
import org.postern.mime.Headers;
import org.postern.mime.bytes.MessageBytes;

/** Verifies the signatures of a message that comes in (RFC 6376 §6); its body is read once for all of them. */
public final class DkimVerifier {
    /** Signatures that are looked at, from the top: each costs a look-up and a verification (§8.4). */
    static final int MAX_SIGNATURES = 5;

    private static final int SLICE_BYTES = 64 * 1024;
    private static final int SHOWN = 8;

    private final Function<String, Answer<String>> txt;
    private final InstantSource clock;

    /** @param txt looks up the TXT records of a name, each as one text */
    public DkimVerifier(Function<String, Answer<String>> txt, InstantSource clock) {
        this.txt = txt;
        this.clock = clock;
    }

    /** A signature with the hash that its body is being put through. */
    private record Candidate(ReceivedSignature signature, BodyHash hash) {}

    /**
     * One verdict for each signature; none for a message without.
     *
     * @param headerSize bytes of its header, the blank line included
     */
    public List<DkimVerdict> verify(MessageBytes message, int headerSize) throws IOException {
        try (var in = message.open()) {
            var fields = Headers.of(in.readNBytes(headerSize)).fields();
            var candidates = new ArrayList<Candidate>();
            var verdicts = new ArrayList<DkimVerdict>();
            fields.stream()
                    .filter(field -> field.name().equals("dkim-signature"))
                    .limit(MAX_SIGNATURES)
                    .forEach(field -> {
                        try {
                            var signature = ReceivedSignature.of(field);
                            candidates.add(
                                    new Candidate(signature, new BodyHash(signature.body(), signature.bodyLimit())));
                        } catch (ReceivedSignature.Unusable e) {
                            verdicts.add(
                                    new DkimVerdict(Result.PERMERROR, Optional.empty(), Optional.empty(), "", e.why()));
                        }
                    });
            if (!candidates.isEmpty()) {
                var slice = new byte[(int) Math.min(SLICE_BYTES, Math.max(1, message.size()))];
                for (int got = in.read(slice); got >= 0; got = in.read(slice)) {
                    for (var candidate : candidates) {
                        candidate.hash().update(slice, 0, got);
                    }
                }
            }
            for (var candidate : candidates) {
                verdicts.add(verify(candidate, fields));
            }
            return verdicts;
        }
    }

    private DkimVerdict verify(Candidate candidate, List<Headers.Field> fields) {
        var signature = candidate.signature();
        var hash = candidate.hash().finish();
        if (signature.expires().filter(clock.instant()::isAfter).isPresent()) {
            return verdict(signature, Result.PERMERROR, "the signature has expired");
        }
        if (signature.bodyLimit() != Long.MAX_VALUE
                && signature.bodyLimit() > candidate.hash().length()) {
            return verdict(signature, Result.PERMERROR, "l= is more than the body");
        }
        if (!signature.hashes(hash)) {
            return verdict(signature, Result.FAIL, "the body has been altered");
        }
        return switch (txt.apply(signature.selector() + "._domainkey." + signature.domain())) {
            case Answer.Found<String>(var records) ->
                switch (KeyRecord.read(records.getFirst(), signature.algorithm())) {
                    case KeyRecord.Outcome.Unusable(var why) -> verdict(signature, Result.PERMERROR, why);
                    case KeyRecord.Outcome.Usable(var key) -> verify(signature, key, fields);
                };
            case Answer.None<String> _ -> verdict(signature, Result.PERMERROR, "there is no key");
            case Answer.Unknown<String>(var why) -> verdict(signature, Result.TEMPERROR, why);
        };
    }

    private static DkimVerdict verify(ReceivedSignature signature, KeyRecord record, List<Headers.Field> fields) {
        var text = SignedText.of(fields, signature.names(), signature.header(), signature.unsigned());
        if (!signature.algorithm().verifies(record.key(), text, signature.value())) {
            return verdict(signature, Result.FAIL, "the signature does not verify");
        }
        // §3.5: what is appended behind a length can be anything, so such a signature says nothing of the message
        // shown.
        return signature.bodyLimit() != Long.MAX_VALUE
                ? verdict(signature, Result.POLICY, "only a part of the body is signed")
                : verdict(signature, Result.PASS, record.testing() ? "in testing" : "");
    }

    private static DkimVerdict verdict(ReceivedSignature signature, Result result, String why) {
        var value = Base64.getEncoder().encodeToString(signature.value());
        return new DkimVerdict(
                result,
                Optional.of(signature.domain()),
                Optional.of(signature.selector()),
                value.substring(0, Math.min(SHOWN, value.length())),
                why);
    }
}
