package org.postern.imap.grammar;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.postern.imap.Features;
import org.postern.imap.ImapLimits;
import org.postern.imap.command.Command;
import org.postern.imap.command.Command.Authenticate.InitialResponse;
import org.postern.imap.command.FolderFilter;
import org.postern.imap.command.NumberSet;
import org.postern.imap.reply.Code;
import org.postern.model.FlagChange;
import org.postern.model.FolderName;
import org.postern.model.SpecialUse;

/** The commands, each method one production of RFC 3501 §9, from behind the command's name to its end. */
public final class Grammar {
    private final Lexer in;
    private final ImapLimits limits;
    private final CommonGrammar common;

    public Grammar(Lexer in, ImapLimits limits, Features features) {
        this.in = in;
        this.limits = limits;
        this.common = new CommonGrammar(in, limits, features);
    }

    /** A command without arguments. */
    public <C extends Command> C bare(C command) throws Unparsable {
        in.end();
        return command;
    }

    // ---- Any state

    /** {@code id = "ID" SP id_params_list} (RFC 2971 §4), at most 30 pairs as §3.3 says. */
    public Command.Id id() throws Unparsable, IOException {
        in.space();
        var fields = new ArrayList<Command.Id.Field>();
        if (in.take('(')) {
            while (!in.take(')')) {
                var name = Lexer.text(in.string());
                in.space();
                in.nstring().ifPresent(value -> fields.add(new Command.Id.Field(name, CommonGrammar.printable(value))));
                if (fields.size() > 30) {
                    throw Unparsable.bad(Code.Plain.LIMIT, "ID has at most 30 pairs");
                }
                if (!in.peek(')')) {
                    in.space();
                }
            }
        } else if (!in.atom("parameter list").equalsIgnoreCase("NIL")) {
            throw Unparsable.bad("Missing or invalid parameter list");
        }
        in.end();
        return new Command.Id(fields);
    }

    // ---- Not authenticated

    /** {@code authenticate = "AUTHENTICATE" SP auth-type [SP initial-resp]} (RFC 4959 §7). */
    public Command.Authenticate authenticate() throws Unparsable {
        in.space();
        var mechanism = in.atom("mechanism").toUpperCase(Locale.ROOT);
        Optional<InitialResponse> initial = Optional.empty();
        if (in.take(' ')) {
            initial = Optional.of(new InitialResponse(initialResponse()));
        }
        in.end();
        return new Command.Authenticate(mechanism, initial);
    }

    /** {@code initial-resp = base64 / "="}; whether it is base64 the mechanism decides. */
    private String initialResponse() throws Unparsable {
        return in.take('=') ? "" : in.atom("initial response");
    }

    /** {@code login = "LOGIN" SP userid SP password}. */
    public Command.Login login() throws Unparsable, IOException {
        in.space();
        var user = in.astring("user name");
        in.space();
        var secret = in.astring("password");
        in.end();
        return new Command.Login(user, secret);
    }

    // ---- Authenticated

    /** {@code enable = "ENABLE" 1*(SP capability)} (RFC 5161 §4). */
    public Command.Enable enable() throws Unparsable {
        var names = new ArrayList<String>();
        do {
            in.space();
            names.add(in.atom("capability").toUpperCase(Locale.ROOT));
        } while (!in.atEnd() && names.size() < limits.fetchItems());
        in.end();
        return new Command.Enable(names);
    }

    /** {@code compress = "COMPRESS" SP algorithm} (RFC 4978 §5). */
    public Command.Compress compress() throws Unparsable {
        in.space();
        if (!in.atom("algorithm").equalsIgnoreCase("DEFLATE")) {
            throw Unparsable.bad("Unknown compression algorithm");
        }
        in.end();
        return new Command.Compress();
    }

    /** {@code select = "SELECT" SP mailbox [select-params]} (RFC 4466 §2.1), {@code examine} alike. */
    public Command.Select select(boolean readOnly) throws Unparsable, IOException {
        in.space();
        var folder = common.mailbox();
        var params = new SyncGrammar(in, common).selectParams();
        in.end();
        return new Command.Select(folder, readOnly, params.condstore(), params.resync());
    }

    /** {@code create = "CREATE" SP mailbox [create-params]} (RFC 6154 §6 {@code USE}); a trailing separator is dropped (§6.3.3). */
    public Command.Create create() throws Unparsable, IOException {
        in.space();
        var name = common.mailboxText();
        if (name.length() > 1 && name.charAt(name.length() - 1) == FolderName.SEPARATOR) {
            name = name.substring(0, name.length() - 1);
        }
        var folder = CommonGrammar.folderName(name);
        Optional<SpecialUse> use = in.take(' ') ? createUse() : Optional.empty();
        in.end();
        return new Command.Create(folder, use);
    }

    private Optional<SpecialUse> createUse() throws Unparsable {
        in.expect('(');
        if (!in.word("parameter").equalsIgnoreCase("USE")) {
            throw Unparsable.bad("Unknown CREATE parameter");
        }
        in.space();
        in.expect('(');
        Optional<SpecialUse> use = Optional.empty();
        if (!in.peek(')')) {
            use = SpecialUse.of(common.flagExtension());
            if (use.isEmpty() || in.peek(' ')) {
                throw Unparsable.no(Code.Plain.USEATTR, "A folder can have one special use of RFC 6154");
            }
        }
        in.expect(')');
        in.expect(')');
        return use;
    }

    /** {@code delete = "DELETE" SP mailbox}. */
    public Command.Delete delete() throws Unparsable, IOException {
        return new Command.Delete(lastFolder());
    }

    /** {@code rename = "RENAME" SP mailbox SP mailbox}. */
    public Command.Rename rename() throws Unparsable, IOException {
        in.space();
        var from = common.mailbox();
        return new Command.Rename(from, lastFolder());
    }

    /** {@code subscribe = "SUBSCRIBE" SP mailbox}. */
    public Command.Subscribe subscribe() throws Unparsable, IOException {
        return new Command.Subscribe(lastFolder());
    }

    /** {@code unsubscribe = "UNSUBSCRIBE" SP mailbox}. */
    public Command.Unsubscribe unsubscribe() throws Unparsable, IOException {
        return new Command.Unsubscribe(lastFolder());
    }

    private FolderName lastFolder() throws Unparsable, IOException {
        in.space();
        var folder = common.mailbox();
        in.end();
        return folder;
    }

    /** {@code list}, extended or not. */
    public Command.ListFolders list() throws Unparsable, IOException {
        return new ListGrammar(in, limits, common).list();
    }

    /** {@code lsub = "LSUB" SP mailbox SP list-mailbox}. */
    public Command.Lsub lsub() throws Unparsable, IOException {
        in.space();
        var reference = common.mailboxText();
        in.space();
        var pattern = common.decoded(in.listMailbox());
        in.end();
        return new Command.Lsub(reference, pattern);
    }

    /** {@code getquota = "GETQUOTA" SP quota-root-name} (RFC 9208 §7). */
    public Command.GetQuota getQuota() throws Unparsable, IOException {
        in.space();
        var root = in.astring("quota root");
        in.end();
        return new Command.GetQuota(root);
    }

    /** {@code getquotaroot = "GETQUOTAROOT" SP mailbox} (RFC 9208 §7). */
    public Command.GetQuotaRoot getQuotaRoot() throws Unparsable, IOException {
        return new Command.GetQuotaRoot(lastFolder());
    }

    /** {@code status = "STATUS" SP mailbox SP "(" status-att *(SP status-att) ")"}. */
    public Command.Status status() throws Unparsable, IOException {
        in.space();
        var folder = common.mailbox();
        in.space();
        var items = new ListGrammar(in, limits, common).statusItems();
        in.end();
        return new Command.Status(folder, items);
    }

    /** {@code setacl} (RFC 4314 §7). */
    public Command.SetAcl setAcl() throws Unparsable, IOException {
        return new AclGrammar(in, common).set();
    }

    /** {@code deleteacl} (RFC 4314 §7). */
    public Command.DeleteAcl deleteAcl() throws Unparsable, IOException {
        return new AclGrammar(in, common).delete();
    }

    /** {@code getacl = "GETACL" SP mailbox} (RFC 4314 §7). */
    public Command.GetAcl getAcl() throws Unparsable, IOException {
        return new Command.GetAcl(lastFolder());
    }

    /** {@code listrights} (RFC 4314 §7). */
    public Command.ListRights listRights() throws Unparsable, IOException {
        return new AclGrammar(in, common).listRights();
    }

    /** {@code myrights = "MYRIGHTS" SP mailbox} (RFC 4314 §7). */
    public Command.MyRights myRights() throws Unparsable, IOException {
        return new Command.MyRights(lastFolder());
    }

    /** {@code getmetadata} (RFC 5464 §5). */
    public Command.GetMetadata getMetadata() throws Unparsable, IOException {
        return new MetadataGrammar(in, limits, common).get();
    }

    /** {@code setmetadata} (RFC 5464 §5). */
    public Command.SetMetadata setMetadata() throws Unparsable, IOException {
        return new MetadataGrammar(in, limits, common).set();
    }

    /** {@code notify} (RFC 5465 §8). */
    public Command.Notify watch() throws Unparsable, IOException {
        return new NotifyGrammar(in, limits, common).command();
    }

    /** {@code append = "APPEND" SP mailbox 1*append-message} (RFC 3502 §6.3.11), up to the first literal. */
    public Command.Append append() throws Unparsable, IOException {
        in.space();
        var folder = common.mailbox();
        return new Command.Append(folder, appended().message());
    }

    /** {@code replace = "REPLACE" SP seq-number SP mailbox append-message} (RFC 8508 §5), up to the literal. */
    public Command.Replace replace(NumberSet.Kind kind) throws Unparsable, IOException {
        in.space();
        long number = in.take('*') ? NumberSet.STAR : in.nzNumber();
        in.space();
        var target = common.mailbox();
        var message = new NumberSet(List.of(new NumberSet.Range(number, number)), kind);
        return new Command.Replace(message, target, appended().message());
    }

    /** What stands behind the literals of APPEND and REPLACE. */
    public AppendGrammar appended() {
        return new AppendGrammar(in, common);
    }

    // ---- Selected

    /** {@code uid-expunge = "UID" SP "EXPUNGE" SP sequence-set} (RFC 4315 §2.1, §4). */
    public Command.Expunge uidExpunge() throws Unparsable {
        in.space();
        var uids = common.sequenceSet(NumberSet.Kind.UID);
        in.end();
        return new Command.Expunge(Optional.of(uids));
    }

    /** {@code search = "SEARCH" [search-return-opts] SP search-program} (RFC 4466 §2.6.1). */
    public Command.Search search(NumberSet.Kind answer) throws Unparsable, IOException {
        return new Command.Search(new SearchGrammar(in, limits, common).program(), answer);
    }

    /** {@code esearch = "ESEARCH" [SP esearch-source-opts] [SP search-return-opts] SP search-program} (RFC 7377 §4). */
    public Command.MultiSearch multiSearch() throws Unparsable, IOException {
        var sources = in.take(" IN (") ? new NotifyGrammar(in, limits, common).sources() : List.<FolderFilter>of();
        return new Command.MultiSearch(sources, new SearchGrammar(in, limits, common).program());
    }

    /** {@code "CANCELUPDATE" 1*(SP quoted)} (RFC 5267 §5). */
    public Command.CancelUpdate cancelUpdate() throws Unparsable, IOException {
        var tags = new ArrayList<String>();
        do {
            in.space();
            tags.add(Lexer.text(in.string()));
        } while (!in.atEnd() && tags.size() < limits.fetchItems());
        in.end();
        return new Command.CancelUpdate(tags);
    }

    /** {@code sort = "SORT" [search-return-opts] SP sort-criteria SP search-criteria} (RFC 5256 §5, RFC 5267 §6). */
    public Command.Sort sort(NumberSet.Kind answer) throws Unparsable, IOException {
        var search = new SearchGrammar(in, limits, common);
        in.space();
        var options = search.sortOptions();
        var order = new SortGrammar(in, limits).criteria();
        return new Command.Sort(search.criteria(options), order, answer);
    }

    /** {@code thread = "THREAD" SP thread-alg SP search-criteria} (RFC 5256 §5). */
    public Command.Threading thread(NumberSet.Kind answer) throws Unparsable, IOException {
        in.space();
        var algorithm = new SortGrammar(in, limits).algorithm();
        var program = new SearchGrammar(in, limits, common).criteria(Optional.empty());
        return new Command.Threading(program, algorithm, answer);
    }

    /**
     * {@code fetch = "FETCH" SP sequence-set SP ("ALL" / "FULL" / "FAST" / fetch-att / "(" fetch-att *(SP fetch-att) ")")
     * [fetch-modifiers]} (RFC 4466 §2.4).
     */
    public Command.Fetch fetch(NumberSet.Kind kind) throws Unparsable, IOException {
        in.space();
        var messages = common.sequenceSet(kind);
        in.space();
        var fetch = new FetchGrammar(in, limits, common);
        var items = fetch.items();
        var modifiers = fetch.modifiers(kind);
        in.end();
        return new Command.Fetch(messages, items, modifiers);
    }

    /** {@code store = "STORE" SP sequence-set [store-modifiers] SP store-att-flags} (RFC 4466 §2.5). */
    public Command.Store store(NumberSet.Kind kind) throws Unparsable {
        in.space();
        var messages = common.sequenceSet(kind);
        in.space();
        var unchangedSince = new SyncGrammar(in, common).storeModifiers();
        var mode = FlagChange.Mode.REPLACE;
        if (in.take('+')) {
            mode = FlagChange.Mode.ADD;
        } else if (in.take('-')) {
            mode = FlagChange.Mode.REMOVE;
        }
        boolean silent = switch (in.word("data item").toUpperCase(Locale.ROOT)) {
            case "FLAGS" -> false;
            case "FLAGS.SILENT" -> true;
            case String other -> throw Unparsable.bad("Unknown data item " + other);
        };
        in.space();
        var flags = in.peek('(') ? common.flagList() : common.bareFlags();
        in.end();
        return new Command.Store(messages, new FlagChange(mode, flags), silent, unchangedSince);
    }

    /** {@code copy = "COPY" SP sequence-set SP mailbox}. */
    public Command.Copy copy(NumberSet.Kind kind) throws Unparsable, IOException {
        in.space();
        var messages = common.sequenceSet(kind);
        return new Command.Copy(messages, lastFolder());
    }

    /** {@code move = "MOVE" SP sequence-set SP mailbox} (RFC 6851 §5). */
    public Command.Move move(NumberSet.Kind kind) throws Unparsable, IOException {
        in.space();
        var messages = common.sequenceSet(kind);
        return new Command.Move(messages, lastFolder());
    }
}
