package org.postern.imap.grammar;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.postern.imap.ImapLimits;
import org.postern.imap.command.Command;
import org.postern.imap.command.Event;
import org.postern.imap.command.EventGroup;
import org.postern.imap.command.FetchItem;
import org.postern.imap.command.FolderFilter;
import org.postern.imap.reply.Code;
import org.postern.model.FolderName;

/** NOTIFY, and which folders it and ESEARCH mean (RFC 5465 §8, RFC 7377 §4). */
final class NotifyGrammar {
    private final Lexer in;
    private final ImapLimits limits;
    private final CommonGrammar common;

    NotifyGrammar(Lexer in, ImapLimits limits, CommonGrammar common) {
        this.in = in;
        this.limits = limits;
        this.common = common;
    }

    /** {@code notify = "NOTIFY" SP ("SET" [SP "STATUS"] SP event-groups / "NONE")}. */
    Command.Notify command() throws Unparsable, IOException {
        in.space();
        var word = in.word("SET or NONE");
        if (word.equalsIgnoreCase("NONE")) {
            in.end();
            return new Command.Notify(false, List.of());
        }
        if (!word.equalsIgnoreCase("SET")) {
            throw Unparsable.bad("Expected SET or NONE");
        }
        in.space();
        boolean status = in.take("STATUS ");
        var groups = new ArrayList<EventGroup>();
        do {
            bounded(groups.size());
            groups.add(group());
        } while (in.take(' '));
        in.end();
        if (groups.stream()
                        .filter(group -> group.folders() instanceof FolderFilter.Selected)
                        .count()
                > 1) {
            throw Unparsable.bad("The selected folder can be named once (RFC 5465 section 6.1)");
        }
        return new Command.Notify(status, groups);
    }

    private void bounded(int count) throws Unparsable {
        if (count == limits.fetchItems()) {
            throw Unparsable.bad(Code.Plain.LIMIT, "At most " + limits.fetchItems() + " of these at once");
        }
    }

    /** {@code event-group = "(" filter-mailboxes SP events ")"}. */
    private EventGroup group() throws Unparsable, IOException {
        in.expect('(');
        var folders = filter();
        in.space();
        var events = EnumSet.noneOf(Event.class);
        Set<FetchItem> fetched = new LinkedHashSet<>();
        if (!in.take("NONE)")) {
            events(events, fetched);
            in.expect(')');
        }
        check(folders, events, fetched);
        return new EventGroup(folders, events, fetched);
    }

    /** {@code "(" event *(SP event) ")"}. */
    private void events(Set<Event> events, Set<FetchItem> fetched) throws Unparsable, IOException {
        in.expect('(');
        do {
            // What we cannot tell of is no error of syntax (§3.1).
            var event = Event.of(in.atom("event"))
                    .orElseThrow(() -> Unparsable.no(
                            new Code.BadEvent(Arrays.stream(Event.values())
                                    .map(Event::wire)
                                    .toList()),
                            "Unknown event"));
            events.add(event);
            if (event == Event.MESSAGE_NEW && in.peek(" (")) {
                in.space();
                fetched.addAll(new FetchGrammar(in, limits, common).items());
            }
        } while (in.take(' '));
        in.expect(')');
    }

    /** What the events of one group ask of each other (§5, §6.1). */
    private static void check(FolderFilter folders, Set<Event> events, Set<FetchItem> fetched) throws Unparsable {
        if (folders instanceof FolderFilter.SubtreeOne) {
            throw Unparsable.bad("SUBTREE-ONE is for ESEARCH alone (RFC 7377 section 2.2)");
        }
        boolean arriving = events.contains(Event.MESSAGE_NEW);
        if (arriving != events.contains(Event.MESSAGE_EXPUNGE) || (events.contains(Event.FLAG_CHANGE) && !arriving)) {
            throw Unparsable.bad("MessageNew, MessageExpunge and FlagChange need each other (RFC 5465 section 5)");
        }
        if (folders instanceof FolderFilter.Selected) {
            if (!Event.OF_MESSAGES.containsAll(events)) {
                throw Unparsable.bad("Of the selected folder only events of messages are told");
            }
        } else if (!fetched.isEmpty()) {
            throw Unparsable.bad("Only of the selected folder are new messages fetched");
        }
    }

    /** {@code source-mbox [SP "(" scope-options ")"] ")"}: no scope option is known (RFC 7377 §4). */
    List<FolderFilter> sources() throws Unparsable, IOException {
        var sources = new ArrayList<FolderFilter>();
        do {
            bounded(sources.size());
            var source = filter();
            if (source.equals(new FolderFilter.Selected(true))) {
                throw Unparsable.bad("SELECTED-DELAYED is for NOTIFY alone (RFC 7377 section 2.2)");
            }
            sources.add(source);
        } while (in.take(' '));
        in.expect(')');
        return sources;
    }

    /** {@code filter-mailboxes}. */
    FolderFilter filter() throws Unparsable, IOException {
        return switch (in.word("folders").toUpperCase(Locale.ROOT)) {
            case "SELECTED" -> new FolderFilter.Selected(false);
            case "SELECTED-DELAYED" -> new FolderFilter.Selected(true);
            case "INBOXES" -> new FolderFilter.Inboxes();
            case "PERSONAL" -> new FolderFilter.Personal();
            case "SUBSCRIBED" -> new FolderFilter.Subscribed();
            case "SUBTREE" -> new FolderFilter.Subtree(names());
            case "SUBTREE-ONE" -> new FolderFilter.SubtreeOne(names());
            case "MAILBOXES" -> new FolderFilter.Mailboxes(names());
            default -> throw Unparsable.bad("Unknown choice of folders");
        };
    }

    /** {@code SP one-or-more-mailbox = mailbox / "(" mailbox *(SP mailbox) ")"}. */
    private List<FolderName> names() throws Unparsable, IOException {
        in.space();
        if (!in.take('(')) {
            return List.of(common.mailbox());
        }
        var names = new ArrayList<FolderName>();
        do {
            bounded(names.size());
            names.add(common.mailbox());
        } while (in.take(' '));
        in.expect(')');
        return names;
    }
}
