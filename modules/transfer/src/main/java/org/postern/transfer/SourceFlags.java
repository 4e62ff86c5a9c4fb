package org.postern.transfer;

import java.util.Collection;
import org.postern.model.Flags;
import org.postern.model.Keyword;

/** Keywords of other servers, as far as they can be ours. */
public final class SourceFlags {
    private SourceFlags() {}

    /** What is no keyword by our rules is left out, and so are more than a message may have. */
    public static Flags of(int systemBits, Collection<String> keywords) {
        return new Flags(
                systemBits,
                keywords.stream()
                        .filter(Keyword::isValid)
                        .map(Keyword::new)
                        .distinct()
                        .limit(Flags.MAX_KEYWORDS)
                        .toList());
    }
}
