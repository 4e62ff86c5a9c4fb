package org.postern.imap.search;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.postern.imap.command.SearchKey;
import org.postern.mailstore.MessageContent;
import org.postern.mime.Headers;
import org.postern.mime.SearchText;

/** A message whose header is at hand (RFC 3501 §6.4.4: substrings of the decoded field, whatever their case). */
class HeaderFacts implements Facts {
    private final MessageContent message;
    private @Nullable Headers headers;

    HeaderFacts(MessageContent message) {
        this.message = message;
    }

    @Override
    public Verdict header(SearchKey.Header key) {
        if (headers == null) {
            headers = Headers.of(message.header());
        }
        var values = headers.values(key.name());
        // Empty text asks only whether there is such a field.
        return Verdict.of(
                key.text().isEmpty()
                        ? !values.isEmpty()
                        : values.stream().anyMatch(value -> contains(value, key.text())));
    }

    private static boolean contains(String value, String text) {
        try {
            return SearchText.contains(new StringReader(value), text);
        } catch (IOException e) {
            throw new UncheckedIOException("a string cannot fail to be read", e);
        }
    }

    @Override
    public Verdict sent(SearchKey.Sent key) {
        // Without a date it was sent on no day at all.
        return Verdict.of(message.envelope()
                .sentDay()
                .filter(day -> key.when().holds(day, key.date()))
                .isPresent());
    }

    @Override
    public Verdict saved(SearchKey.Saved key) {
        var day = message.savedAt().atOffset(ZoneOffset.UTC).toLocalDate(); // As SAVEDATE shows it.
        return Verdict.of(key.when().holds(day, key.date()));
    }

    @Override
    public Verdict body(SearchKey.Body key) throws IOException {
        return Verdict.UNDECIDED;
    }

    @Override
    public Verdict text(SearchKey.Text key) throws IOException {
        return Verdict.UNDECIDED;
    }
}
