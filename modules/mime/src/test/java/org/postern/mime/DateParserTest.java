package org.postern.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.OffsetDateTime;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DateParserTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Fri, 21 Nov 1997 09:55:06 -0600|1997-11-21T09:55:06-06:00",
                "1 Jan 98 12:00 GMT|1998-01-01T12:00:00Z",
                "01 Feb 49 00:00:00 +0000|2049-02-01T00:00:00Z",
                "01 Feb 103 00:00:00 +0000|2003-02-01T00:00:00Z",
                "Thu, 13 Feb 1969 23:32 -0330 (Newfoundland (NDT) Time)|1969-02-13T23:32:00-03:30",
                "Thu,13 Feb 1969 23:32:54 EDT|1969-02-13T23:32:54-04:00",
                "Thu Jan  1 12:00:00 1998|1998-01-01T12:00:00Z",
                "Thu Jan  1 12:00:00 PST 1998|1998-01-01T12:00:00-08:00",
                "1-Jan-1998 12:00:00 +0100|1998-01-01T12:00:00+01:00",
                "2024-02-29T23:59:60Z|2024-02-29T23:59:59Z",
                "2024-02-29T01:02:03.456+05:30|2024-02-29T01:02:03+05:30",
                "2024-02-29 01:02:03 -0100|2024-02-29T01:02:03-01:00",
                "Mon, 5 August 2024 1:02:03 PM +0200|2024-08-05T13:02:03+02:00",
                "Mon, 5 Aug 2024 12:02:03 AM|2024-08-05T00:02:03Z",
                "MON, 5 AUG 2024 10:00:00 Z|2024-08-05T10:00:00Z",
                "5 Aug 2024|2024-08-05T00:00:00Z",
                "5 Aug 2024 10:00:00 +9999|2024-08-05T10:00:00Z",
                "5 Aug 2024 99:00:00 +0000|2024-08-05T00:00:00Z",
                "5 Aug 2024 10: +0000|2024-08-05T00:00:00Z",
                "5 Aug 2024 10:20: +0000|2024-08-05T00:00:00Z",
                "5 Aug 2024 1:2:3:4 +0000|2024-08-05T01:02:03Z",
            })
    @DisplayName("RFC 5322 §3.3, §4.3 and what else is written")
    void dates(String text, String expected) {
        assertThat(DateParser.parse(text)).contains(OffsetDateTime.parse(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "30 Feb 2024 10:00:00 +0000",
                "5 2024",
                "5 anf 2024",
                "Aug 2024",
                "0 Aug 2024",
                "5 Aug 0",
                "::::",
                "-",
                "5 Aug 99999"
            })
    @DisplayName("what no calendar has is no date")
    void none(String text) {
        assertThat(DateParser.parse(text)).isEmpty();
    }
}
