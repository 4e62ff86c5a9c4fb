package org.postern.delivery.inbound;

import java.io.IOException;
import java.util.Optional;
import org.postern.delivery.Letter;

/**
 * All that looks at mail from outside before it is taken: who it is from, then what it is. The harder judgement counts.
 *
 * @param examiner of strangers' mail; none where that has been looked at before
 */
public record Inspection(Optional<Examiner> examiner, Optional<SpamFilter> filter) {
    /** Of what is taken as it is. */
    public static final Inspection NONE = new Inspection(Optional.empty(), Optional.empty());

    /**
     * Takes as long as the DNS and the filter do, within their bounds.
     *
     * @throws IOException when the message's bytes cannot be read
     */
    public Judged inspect(Letter letter, Inquiry inquiry) throws IOException {
        var examined = examiner.isPresent()
                ? examiner.get().examine(letter, inquiry)
                : new Judged(letter, new Judgement.Welcome());
        if (filter.isEmpty()) {
            return examined;
        }
        return switch (examined.judgement()) {
            case Judgement.Welcome welcome -> filter.get().judge(examined.letter(), inquiry);
            case Judgement.Junk junk -> {
                var judged = filter.get().judge(examined.letter(), inquiry);
                yield judged.judgement() instanceof Judgement.Welcome ? new Judged(judged.letter(), junk) : judged;
            }
            case Judgement.Forged forged -> examined;
            case Judgement.Spam spam -> examined;
            case Judgement.NotNow later -> examined;
        };
    }
}
