package org.postern.imap.grammar;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.postern.imap.ImapLimits;
import org.postern.imap.command.Command;
import org.postern.imap.command.ListOptions;
import org.postern.imap.command.ListOptions.Choice;
import org.postern.imap.command.ListOptions.Told;
import org.postern.imap.command.StatusItem;
import org.postern.imap.reply.Code;
import org.postern.mailstore.metadata.MetadataEntry;

/** LIST with and without its extensions (RFC 5258 §6, RFC 5819 §4), and the items of STATUS. */
final class ListGrammar {
    private final Lexer in;
    private final ImapLimits limits;
    private final CommonGrammar common;

    ListGrammar(Lexer in, ImapLimits limits, CommonGrammar common) {
        this.in = in;
        this.limits = limits;
        this.common = common;
    }

    /** {@code list = "LIST" [SP list-select-opts] SP mailbox SP mbox-or-pat [SP list-return-opts]}. */
    Command.ListFolders list() throws Unparsable, IOException {
        in.space();
        Set<Choice> choices = EnumSet.noneOf(Choice.class);
        boolean extended = in.peek('(');
        if (extended) {
            choices = choices();
            in.space();
        }
        var reference = common.mailboxText();
        in.space();
        extended |= in.peek('(');
        var patterns = patterns();
        Set<Told> told = EnumSet.noneOf(Told.class);
        Set<StatusItem> status = EnumSet.noneOf(StatusItem.class);
        var metadata = new ArrayList<MetadataEntry>();
        if (in.take(' ')) {
            extended = true;
            returned(told, status, metadata);
        }
        in.end();
        return new Command.ListFolders(reference, patterns, new ListOptions(extended, choices, told, status, metadata));
    }

    /** {@code list-select-opts = "(" [list-select-opt *(SP list-select-opt)] ")"}. */
    private Set<Choice> choices() throws Unparsable {
        var choices = EnumSet.noneOf(Choice.class);
        in.expect('(');
        while (!in.take(')')) {
            choices.add(named(Choice.class, in.word("selection option"))
                    .orElseThrow(() -> Unparsable.bad("Unknown selection option")));
            if (!in.peek(')')) {
                in.space();
            }
        }
        boolean alone = !choices.contains(Choice.SUBSCRIBED) && !choices.contains(Choice.SPECIAL_USE);
        if (choices.contains(Choice.RECURSIVEMATCH) && alone) {
            throw Unparsable.bad("RECURSIVEMATCH needs another option to match (RFC 5258 section 3.1)");
        }
        return choices;
    }

    /** {@code mbox-or-pat = list-mailbox / "(" list-mailbox *(SP list-mailbox) ")"}. */
    private List<String> patterns() throws Unparsable, IOException {
        if (!in.take('(')) {
            return List.of(common.decoded(in.listMailbox()));
        }
        var patterns = new ArrayList<String>();
        do {
            if (patterns.size() == limits.wildcards()) {
                throw Unparsable.bad(Code.Plain.LIMIT, "At most " + limits.wildcards() + " patterns at once");
            }
            patterns.add(common.decoded(in.listMailbox()));
        } while (in.take(' '));
        in.expect(')');
        return patterns;
    }

    /** {@code list-return-opts = "RETURN" SP "(" [return-option *(SP return-option)] ")"}. */
    private void returned(Set<Told> told, Set<StatusItem> status, List<MetadataEntry> metadata)
            throws Unparsable, IOException {
        if (!in.word("option").equalsIgnoreCase("RETURN")) {
            throw Unparsable.bad("Expected RETURN");
        }
        in.space();
        in.expect('(');
        while (!in.take(')')) {
            var word = in.word("return option");
            if (word.equalsIgnoreCase("STATUS")) {
                in.space();
                status.addAll(statusItems());
            } else if (word.equalsIgnoreCase("METADATA")) {
                in.space();
                metadata.addAll(new MetadataGrammar(in, limits, common).entries());
            } else {
                told.add(named(Told.class, word).orElseThrow(() -> Unparsable.bad("Unknown return option")));
            }
            if (!in.peek(')')) {
                in.space();
            }
        }
    }

    /** {@code "(" status-att *(SP status-att) ")"}. */
    Set<StatusItem> statusItems() throws Unparsable {
        in.expect('(');
        Set<StatusItem> items = EnumSet.noneOf(StatusItem.class);
        do {
            items.add(named(StatusItem.class, in.word("status item"))
                    .orElseThrow(() -> Unparsable.bad("Unknown status item")));
        } while (in.take(' '));
        in.expect(')');
        return items;
    }

    /** The constant that a word of the grammar names, a dash for an underscore. */
    private static <E extends Enum<E>> Optional<E> named(Class<E> type, String word) {
        var name = word.toUpperCase(Locale.ROOT).replace('-', '_');
        return EnumSet.allOf(type).stream()
                .filter(constant -> constant.name().equals(name))
                .findFirst();
    }
}
