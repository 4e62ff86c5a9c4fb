package org.postern.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A transcript's text as steps. */
final class Script {
    private static final Pattern CLIENT =
            Pattern.compile("(?<who>[CS]|\\d)(?<what>[>:<|!=-])(?: (?<text>.*))?", Pattern.DOTALL);

    private Script() {}

    /** What happens next, at which client. */
    sealed interface Step {
        int client();

        int scriptLine();

        /** @param crlf whether the line end is sent too */
        record Send(int client, String text, boolean crlf, int scriptLine) implements Step {}

        /** Replies that follow each other without the client saying anything. */
        record Expect(int client, List<Expectation> replies, int scriptLine) implements Step {}

        record Act(int client, Action action, int scriptLine) implements Step {}
    }

    enum Action {
        /** The client starts TLS on the open connection. */
        STARTTLS,
        /** The server has closed, and says nothing more. */
        CLOSED,
        /** The client closes without another word. */
        HANGUP
    }

    static List<Step> parse(String script) {
        var steps = new ArrayList<Step>();
        var lines = script.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            var line = lines[i].strip().isEmpty() ? "" : lines[i];
            if (!line.isEmpty() && !line.startsWith("#")) {
                add(steps, line, i + 1);
            }
        }
        return steps;
    }

    private static void add(List<Step> steps, String line, int number) {
        var matcher = CLIENT.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("line " + number + " is neither a client's nor the server's: " + line);
        }
        var who = matcher.group("who");
        var what = matcher.group("what");
        var text = matcher.group("text") == null ? "" : matcher.group("text");
        int client = Character.isDigit(who.charAt(0)) ? who.charAt(0) - '0' : 1;
        boolean server = who.equals("S");
        switch (what) {
            case ">" -> steps.add(new Step.Send(client, text, true, number));
            case "-" -> steps.add(new Step.Send(client, text, false, number));
            case "!" -> steps.add(new Step.Act(client, action(text, number), number));
            case "<", "=" -> expect(steps, client, new Expectation(text, what.equals("="), number));
            case "|" -> continueLiteral(steps, text, number);
            case ":" -> {
                if (server) {
                    expect(steps, client, new Expectation(text, false, number));
                } else {
                    steps.add(new Step.Send(client, text, true, number));
                }
            }
            default -> throw new AssertionError(what);
        }
    }

    private static Action action(String text, int number) {
        for (var action : Action.values()) {
            if (action.name().equalsIgnoreCase(text)) {
                return action;
            }
        }
        throw new IllegalArgumentException("line " + number + ": no such action: " + text);
    }

    private static void expect(List<Step> steps, int client, Expectation reply) {
        if (!steps.isEmpty() && steps.getLast() instanceof Step.Expect last && last.client() == client) {
            last.replies().add(reply);
        } else {
            steps.add(new Step.Expect(client, new ArrayList<>(List.of(reply)), reply.scriptLine()));
        }
    }

    private static void continueLiteral(List<Step> steps, String text, int number) {
        if (steps.isEmpty() || !(steps.getLast() instanceof Step.Expect last)) {
            throw new IllegalArgumentException("line " + number + " continues no reply");
        }
        var begun = last.replies().removeLast();
        last.replies().add(new Expectation(begun.text() + "\r\n" + text, begun.ordered(), begun.scriptLine()));
    }
}
