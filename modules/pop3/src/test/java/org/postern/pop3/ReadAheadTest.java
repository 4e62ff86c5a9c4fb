package org.postern.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.testbed.Person;
import org.postern.testbed.ProtocolServer;
import org.postern.testkit.Pop3TestClient;

@DisplayName("Messages taken one after the other")
class ReadAheadTest {
    @RegisterExtension
    static final ProtocolServer POP3 = Pop3Server.standard();

    /** Around the bound, and more in all than is fetched at once. */
    private static final List<Integer> SIZES = IntStream.concat(
                    IntStream.of(
                            1,
                            ReadAhead.MOST_BYTES - 1,
                            ReadAhead.MOST_BYTES,
                            ReadAhead.MOST_BYTES + 1,
                            ReadAhead.MOST_BYTES / 2,
                            ReadAhead.MOST_BYTES / 2,
                            ReadAhead.MOST_BYTES / 2),
                    IntStream.range(0, 2 * ReadAhead.MOST_MESSAGES))
            .boxed()
            .toList();

    private static String message(int number) {
        var head = "Subject: " + number + "\r\n\r\n";
        return head + "x".repeat(Math.max(0, SIZES.get(number - 1) - head.length() - 2)) + "\r\n";
    }

    private static String digest(String text) throws Exception {
        var sha256 = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().formatHex(sha256);
    }

    private static Person filled() {
        var person = POP3.person();
        for (int number = 1; number <= SIZES.size(); number++) {
            person.append("INBOX", message(number));
        }
        return person;
    }

    @Test
    @DisplayName("each is itself: in order, again, backwards, by chance, whatever its size")
    void eachIsItself() throws Exception {
        var person = filled();
        var inOrder = IntStream.rangeClosed(1, SIZES.size()).boxed().toList();
        var orders = new ArrayList<>(inOrder);
        orders.addAll(inOrder.reversed());
        var shuffled = new ArrayList<>(inOrder);
        Collections.shuffle(shuffled, new Random(7));
        orders.addAll(shuffled);
        try (var client = Pop3TestClient.loggedIn(POP3.port(), person.address().toString(), person.secret())) {
            for (int number : orders) {
                assertThat(client.retrieveDigest(number))
                        .as("message %d", number)
                        .isEqualTo(digest(message(number)));
            }
        }
    }

    @Test
    @DisplayName("RFC 2449 §6.6: asked for in one flight, they come in that order")
    void inOneFlight() {
        var person = POP3.person().withMessages(100);
        var flight = IntStream.rangeClosed(1, 100).mapToObj(n -> "C: RETR " + n).collect(Collectors.joining("\n"));
        var answers = IntStream.rangeClosed(1, 100)
                .mapToObj(n -> "S: +OK ...\nS: Subject: message " + n + "\nS:\nS: body " + n + "\nS: .")
                .collect(Collectors.joining("\n"));
        person.clients().plays("""
                S: +OK ...
                C: USER $user
                S: +OK ...
                C: PASS $secret
                S: +OK ...
                """).plays(flight + "\n" + answers + "\n");
    }
}
