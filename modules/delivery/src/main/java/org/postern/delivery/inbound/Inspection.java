package org.postern.delivery.inbound;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.postern.delivery.Letter;

/**
 * All that looks at mail from outside before it is taken: who it is from, then what it is. The harder judgement counts.
 *
 * @param examiner of strangers' mail; none where that has been looked at before
 * @param longest how long all of it may take: then the examiner knows no more (temperror), and the filter has not answered
 */
public record Inspection(Optional<Examiner> examiner, Optional<SpamFilter> filter, Duration longest) {
    /** The other server waits ten minutes for the reply to its message (RFC 5321 §4.5.3.2.6). */
    public static final Duration LONGEST = Duration.ofMinutes(2);

    /** Of what is taken as it is. */
    public static final Inspection NONE = new Inspection(Optional.empty(), Optional.empty());

    public Inspection(Optional<Examiner> examiner, Optional<SpamFilter> filter) {
        this(examiner, filter, LONGEST);
    }

    /**
     * Takes as long as the DNS and the filter do, within their bounds and its own.
     *
     * @throws IOException when the message's bytes cannot be read
     */
    public Judged inspect(Letter letter, Inquiry inquiry) throws IOException {
        var deadline = Deadline.in(longest);
        var examined = examiner.isPresent()
                ? examiner.get().examine(letter, inquiry, deadline)
                : new Judged(letter, new Judgement.Welcome());
        if (filter.isEmpty()) {
            return examined;
        }
        return switch (examined.judgement()) {
            case Judgement.Welcome welcome -> filter.get().judge(examined.letter(), inquiry, deadline.left());
            case Judgement.Junk junk -> {
                var judged = filter.get().judge(examined.letter(), inquiry, deadline.left());
                yield judged.judgement() instanceof Judgement.Welcome ? new Judged(judged.letter(), junk) : judged;
            }
            case Judgement.Forged forged -> examined;
            case Judgement.Spam spam -> examined;
            case Judgement.NotNow later -> examined;
        };
    }
}
