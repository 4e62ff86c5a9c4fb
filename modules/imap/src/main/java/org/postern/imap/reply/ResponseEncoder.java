package org.postern.imap.reply;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.postern.imap.Features;
import org.postern.model.Modseq;

/** The one place where wire text is written: every method a production of RFC 3501 §9. Session's thread only. */
public final class ResponseEncoder implements Responses {
    private final OutputStream out;
    private final WireText text = new WireText();
    private final FetchEncoder fetch = new FetchEncoder(text);
    private final FolderEncoder folders;

    public ResponseEncoder(OutputStream out, Features features) {
        this.out = out;
        this.folders = new FolderEncoder(text, fetch, features);
    }

    /** {@code response-tagged = tag SP resp-cond-state CRLF}. */
    public void tagged(String tag, Tagged status) throws IOException {
        text.add(tag).add(' ');
        respCondState(status);
        crlf();
    }

    /** {@code greeting}, or a refusal of the whole connection. */
    public void bye(Reply.Bye bye) throws IOException {
        text.add("* BYE ");
        respText(bye.code(), bye.text());
        crlf();
    }

    /** {@code continue-req = "+" SP (resp-text / base64) CRLF}. */
    public void continueReq(String what) throws IOException {
        text.add("+ ").add(what);
        crlf();
    }

    /** {@code response-data}. */
    @Override
    public void send(Untagged response) throws IOException {
        text.add("* ");
        switch (response) {
            case Untagged.Note(var status) -> respCondState(status);
            case Untagged.Capability(var names) -> words("CAPABILITY", names);
            case Untagged.Enabled(var names) -> words("ENABLED", names);
            case Untagged.Id id -> id(id);
            case Untagged.Namespace() -> folders.namespace();
            case Untagged.Folder folder -> folders.mailboxList(folder);
            case Untagged.Status(var folder, var items) -> folders.status(folder, items);
            case Untagged.Quota(var root, var resources) -> folders.quota(root, resources);
            case Untagged.QuotaRoot(var folder, var root) -> folders.quotaRoot(folder, root);
            case Untagged.Acl(var folder, var entries) -> folders.acl(folder, entries);
            case Untagged.ListRights(var folder, var identifier, var required) ->
                folders.listRights(folder, identifier, required);
            case Untagged.MyRights(var folder, var rights) -> folders.myRights(folder, rights);
            case Untagged.Annotated(var folder, var annotations) -> folders.metadata(folder, annotations);
            case Untagged.AnnotationsChanged(var folder, var entries) -> folders.changedMetadata(folder, entries);
            case Untagged.DefinedFlags(var names) -> {
                text.add("FLAGS ");
                flagList(names, false);
            }
            case Untagged.Exists(var count) -> text.add(count).add(" EXISTS");
            case Untagged.Recent(var count) -> text.add(count).add(" RECENT");
            case Untagged.Expunge(var sequence) -> text.add(sequence).add(" EXPUNGE");
            case Untagged.Vanished(var earlier, var uids) ->
                text.add(earlier ? "VANISHED (EARLIER) " : "VANISHED ").add(uids.toString());
            case Untagged.Search(var numbers, var modseq) -> numbers("SEARCH", numbers, modseq);
            case Untagged.Sort(var numbers, var modseq) -> numbers("SORT", numbers, modseq);
            case Untagged.Threads(var tokens) -> threads(tokens);
            case Untagged.ExtendedSearch(var tag, var origin, var byUid, var data) -> {
                text.add("ESEARCH (TAG ");
                fetch.string(tag);
                origin.ifPresent(some -> {
                    text.add(" MAILBOX ");
                    folders.mailbox(some.folder().value());
                    text.add(" UIDVALIDITY ").add(some.validity().value());
                });
                text.add(byUid ? ") UID" : ")");
                data.forEach(this::searchReturnData);
            }
            case Untagged.UidFetch(var uid, var values) -> {
                text.add(uid.value()).add(" UIDFETCH ");
                fetch.msgAtt(values, out);
            }
            case Untagged.Fetch(var sequence, var values) -> {
                text.add(sequence).add(" FETCH ");
                fetch.msgAtt(values, out);
            }
        }
        crlf();
    }

    private void crlf() throws IOException {
        text.add("\r\n").writeTo(out);
    }

    /**
     * Forgets a response that failed halfway.
     *
     * @return whether none of its bytes were sent; if some were, the client can no longer understand anything
     */
    public boolean abandon() {
        text.clear();
        return !fetch.isInLiteral();
    }

    private void words(String first, List<String> more) {
        text.add(first);
        more.forEach(word -> text.add(' ').add(word));
    }

    // ---- Searches

    /** {@code *(SP nz-number) [SP "(" "MODSEQ" SP mod-sequence-value ")"]} (RFC 7162 §7). */
    private void numbers(String name, List<Long> numbers, Optional<Modseq> modseq) {
        text.add(name);
        numbers.forEach(number -> text.add(' ').add(number));
        modseq.ifPresent(highest -> text.add(" (MODSEQ ").add(highest.value()).add(')'));
    }

    /** {@code thread-data = "THREAD" [SP 1*thread-list]} (RFC 5256 §5). */
    private void threads(long[] tokens) {
        text.add("THREAD");
        boolean space = true;
        for (var token : tokens) {
            if (space && token != Untagged.Threads.CLOSE) {
                text.add(' ');
            }
            space = token >= 0;
            if (token == Untagged.Threads.OPEN) {
                text.add('(');
            } else if (token == Untagged.Threads.CLOSE) {
                text.add(')');
            } else {
                text.add(token);
            }
        }
    }

    /** {@code search-return-data} (RFC 4731 §4, RFC 9394 §4). */
    private void searchReturnData(SearchData data) {
        switch (data) {
            case SearchData.Min(var number) -> text.add(" MIN ").add(number);
            case SearchData.Max(var number) -> text.add(" MAX ").add(number);
            case SearchData.Count(var count) -> text.add(" COUNT ").add(count);
            case SearchData.HighestModseq(var modseq) -> text.add(" MODSEQ ").add(modseq.value());
            case SearchData.All(var numbers) -> {
                text.add(" ALL ");
                sequenceSet(numbers);
            }
            case SearchData.Relevancy(var scores) ->
                text.add(" RELEVANCY (")
                        .add(scores.stream().map(String::valueOf).collect(Collectors.joining(" ")))
                        .add(')');
            case SearchData.AddTo(var runs) -> runs(" ADDTO (", runs);
            case SearchData.RemoveFrom(var runs) -> runs(" REMOVEFROM (", runs);
            case SearchData.Partial(var page, var numbers) -> {
                text.add(" PARTIAL (").add(page.toString()).add(' ');
                if (numbers.isEmpty()) {
                    text.add("NIL");
                } else {
                    sequenceSet(numbers);
                }
                text.add(')');
            }
        }
    }

    /** {@code "(" context-position SP sequence-set *(SP context-position SP sequence-set) ")"} (RFC 5267 §5). */
    private void runs(String open, List<SearchData.Run> runs) {
        var before = open;
        for (var run : runs) {
            text.add(before).add(run.position()).add(' ');
            sequenceSet(run.numbers());
            before = " ";
        }
        text.add(')');
    }

    /** {@code sequence-set}, in that order: of a sorted result the order counts (RFC 5267 §3.1). */
    private void sequenceSet(List<Long> numbers) {
        for (int i = 0; i < numbers.size(); ) {
            long first = numbers.get(i);
            int run = 1;
            while (i + run < numbers.size() && numbers.get(i + run) == first + run) {
                run++;
            }
            text.add(i > 0 ? "," : "").add(first);
            if (run > 1) {
                text.add(':').add(first + run - 1);
            }
            i += run;
        }
    }

    // ---- Statuses

    /** {@code resp-cond-state = ("OK" / "NO" / "BAD") SP resp-text}. */
    private void respCondState(Tagged status) {
        text.add(status.status().name()).add(' ');
        respText(status.code(), status.text());
    }

    /** {@code resp-text = ["[" resp-text-code "]" SP] text}. */
    private void respText(Optional<Code> code, String words) {
        if (code.isPresent()) {
            text.add('[');
            respTextCode(code.get());
            text.add("] ");
        }
        words.chars().forEach(c -> text.add(c >= ' ' && c < 0x7F ? (char) c : '?'));
    }

    /** {@code resp-text-code}. */
    private void respTextCode(Code code) {
        switch (code) {
            case Code.Plain plain -> text.add(plain.name().replace('_', '-'));
            case Code.Capability(var names) -> words("CAPABILITY", names);
            case Code.InProgress(var tag, var done, var goal) -> {
                text.add("INPROGRESS (");
                tag.ifPresentOrElse(fetch::string, () -> text.add("NIL"));
                text.add(' ').add(done).add(' ');
                goal.ifPresentOrElse(text::add, () -> text.add("NIL"));
                text.add(')');
            }
            case Code.BadEvent(var known) ->
                text.add("BADEVENT (").add(String.join(" ", known)).add(')');
            case Code.BadUrl(var url) -> {
                text.add("BADURL ");
                url.chars().forEach(c -> text.add(c > ' ' && c < 0x7F && c != ']' ? (char) c : '?'));
            }
            case Code.BadCharset(var known) ->
                text.add("BADCHARSET (").add(String.join(" ", known)).add(')');
            case Code.PermanentFlags(var names, var more) -> {
                text.add("PERMANENTFLAGS ");
                flagList(names, more);
            }
            case Code.HighestModseq(var modseq) -> text.add("HIGHESTMODSEQ ").add(modseq.value());
            case Code.MailboxId(var folder) ->
                text.add("MAILBOXID (").add(ObjectIds.of(folder)).add(')');
            case Code.Modified(var numbers) -> text.add("MODIFIED ").add(numbers.toString());
            case Code.MetadataMaxSize(var max) -> text.add("METADATA MAXSIZE ").add(max);
            case Code.MetadataLongEntries(var longest) ->
                text.add("METADATA LONGENTRIES ").add(longest);
            case Code.MetadataTooMany() -> text.add("METADATA TOOMANY");
            case Code.NoUpdate(var refused) -> {
                text.add("NOUPDATE ");
                fetch.string(refused);
            }
            case Code.UidNext(var next) -> text.add("UIDNEXT ").add(next);
            case Code.UidValidity(var validity) -> text.add("UIDVALIDITY ").add(validity.value());
            case Code.Unseen(var sequence) -> text.add("UNSEEN ").add(sequence);
            case Code.AppendUid(var validity, var uids) ->
                text.add("APPENDUID ").add(validity.value()).add(' ').add(uids.toString());
            case Code.CopyUid(var validity, var from, var to) ->
                text.add("COPYUID ")
                        .add(validity.value())
                        .add(' ')
                        .add(from.toString())
                        .add(' ')
                        .add(to.toString());
        }
    }

    // ---- Flags and such

    /** {@code flag-list = "(" [flag *(SP flag)] ")"}; {@code flag-perm} allows {@code \*} too. */
    private void flagList(List<String> names, boolean star) {
        text.add('(').add(String.join(" ", names));
        if (star) {
            text.add(names.isEmpty() ? "\\*" : " \\*");
        }
        text.add(')');
    }

    /** {@code id_response} (RFC 2971 §4). */
    private void id(Untagged.Id id) {
        text.add("ID (");
        fetch.string("name");
        text.add(' ');
        fetch.string(id.name());
        text.add(')');
    }
}
