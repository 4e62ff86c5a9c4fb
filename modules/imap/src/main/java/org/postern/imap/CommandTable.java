package org.postern.imap;

import static org.postern.imap.CommandRule.Numbers.NONE;
import static org.postern.imap.CommandRule.Numbers.SEQUENCE_ASKING;
import static org.postern.imap.CommandRule.Numbers.SEQUENCE_CHANGING;
import static org.postern.imap.CommandRule.Numbers.SEQUENCE_COPYING;
import static org.postern.imap.CommandRule.Numbers.UIDS;
import static org.postern.imap.CommandRule.Numbers.UIDS_CHANGING;
import static org.postern.imap.command.NumberSet.Kind.SEQUENCE;
import static org.postern.imap.command.NumberSet.Kind.UID;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postern.imap.CommandRule.Numbers;
import org.postern.imap.CommandRule.Reader;
import org.postern.imap.command.Command;
import org.postern.imap.fetch.MessageParts;
import org.postern.imap.grammar.Grammar;
import org.postern.imap.grammar.Lexer;
import org.postern.imap.grammar.Unparsable;
import org.postern.imap.grammar.UrlGrammar;
import org.postern.imap.handler.OwnerStorage;
import org.postern.imap.handler.acl.AclChanges;
import org.postern.imap.handler.acl.DeleteAclHandler;
import org.postern.imap.handler.acl.GetAclHandler;
import org.postern.imap.handler.acl.ListRightsHandler;
import org.postern.imap.handler.acl.MyRightsHandler;
import org.postern.imap.handler.acl.SetAclHandler;
import org.postern.imap.handler.folder.CreateHandler;
import org.postern.imap.handler.folder.DeleteHandler;
import org.postern.imap.handler.folder.GetMetadataHandler;
import org.postern.imap.handler.folder.GetQuotaHandler;
import org.postern.imap.handler.folder.GetQuotaRootHandler;
import org.postern.imap.handler.folder.ListHandler;
import org.postern.imap.handler.folder.LsubHandler;
import org.postern.imap.handler.folder.NamespaceHandler;
import org.postern.imap.handler.folder.NotifyHandler;
import org.postern.imap.handler.folder.Quotas;
import org.postern.imap.handler.folder.RenameHandler;
import org.postern.imap.handler.folder.SelectHandler;
import org.postern.imap.handler.folder.SetMetadataHandler;
import org.postern.imap.handler.folder.StatusHandler;
import org.postern.imap.handler.folder.SubscribeHandler;
import org.postern.imap.handler.folder.UnselectHandler;
import org.postern.imap.handler.folder.UnsubscribeHandler;
import org.postern.imap.handler.message.AppendHandler;
import org.postern.imap.handler.message.CheckHandler;
import org.postern.imap.handler.message.CloseHandler;
import org.postern.imap.handler.message.CopyHandler;
import org.postern.imap.handler.message.ExpungeHandler;
import org.postern.imap.handler.message.FetchHandler;
import org.postern.imap.handler.message.Intake;
import org.postern.imap.handler.message.MoveHandler;
import org.postern.imap.handler.message.ReplaceHandler;
import org.postern.imap.handler.message.StoreHandler;
import org.postern.imap.handler.message.UrlParts;
import org.postern.imap.handler.search.CancelUpdateHandler;
import org.postern.imap.handler.search.MultiSearchHandler;
import org.postern.imap.handler.search.SearchHandler;
import org.postern.imap.handler.search.SortHandler;
import org.postern.imap.handler.search.ThreadHandler;
import org.postern.imap.handler.session.Admission;
import org.postern.imap.handler.session.AuthenticateHandler;
import org.postern.imap.handler.session.CapabilityHandler;
import org.postern.imap.handler.session.CompressHandler;
import org.postern.imap.handler.session.EnableHandler;
import org.postern.imap.handler.session.IdHandler;
import org.postern.imap.handler.session.IdleHandler;
import org.postern.imap.handler.session.LoginHandler;
import org.postern.imap.handler.session.LogoutHandler;
import org.postern.imap.handler.session.NoopHandler;
import org.postern.imap.handler.session.StartTlsHandler;
import org.postern.imap.handler.session.UnauthenticateHandler;
import org.postern.imap.search.ScanGate;
import org.postern.imap.search.Searcher;
import org.postern.imap.sort.KeyCache;
import org.postern.imap.sort.Sorter;

/** Every command by name: where it is allowed, what it does with numbers, how it is read and answered (RFC 3501 §6). */
final class CommandTable {
    private static final Set<State> ANY = EnumSet.allOf(State.class);
    private static final Set<State> BEFORE_LOGIN = EnumSet.of(State.NOT_AUTHENTICATED);
    private static final Set<State> LOGGED_IN = EnumSet.of(State.AUTHENTICATED, State.SELECTED);
    /** RFC 5161 §3.1: before any folder is selected. */
    private static final Set<State> BEFORE_SELECT = EnumSet.of(State.AUTHENTICATED);

    private static final Set<State> SELECTED = EnumSet.of(State.SELECTED);

    private final Map<String, CommandRule<?>> rules = new HashMap<>();

    CommandTable(Backend backend, ImapLimits limits, CommandMeters meters) {
        anyState();
        beforeLogin(backend);
        folders(backend, limits);
        messages(backend, limits, meters);
    }

    private void anyState() {
        add("CAPABILITY", ANY, NONE, g -> g.bare(new Command.Capability()), new CapabilityHandler());
        add("NOOP", ANY, NONE, g -> g.bare(new Command.Noop()), new NoopHandler());
        add("LOGOUT", ANY, NONE, g -> g.bare(new Command.Logout()), new LogoutHandler());
        add("ID", ANY, NONE, Grammar::id, new IdHandler());
    }

    private void beforeLogin(Backend backend) {
        var admission = new Admission(backend.logins());
        add("STARTTLS", BEFORE_LOGIN, NONE, g -> g.bare(new Command.StartTls()), new StartTlsHandler());
        add(
                "AUTHENTICATE",
                BEFORE_LOGIN,
                NONE,
                Grammar::authenticate,
                new AuthenticateHandler(backend.sasl(), admission));
        add("LOGIN", BEFORE_LOGIN, NONE, Grammar::login, new LoginHandler(admission));
    }

    private void folders(Backend backend, ImapLimits limits) {
        var tree = backend.folders();
        var visible = backend.visible();
        var select = new SelectHandler(visible, tree, backend.messages(), backend.feed());
        add("COMPRESS", LOGGED_IN, NONE, Grammar::compress, new CompressHandler());
        add("UNAUTHENTICATE", LOGGED_IN, NONE, g -> g.bare(new Command.Unauthenticate()), new UnauthenticateHandler());
        add("ENABLE", BEFORE_SELECT, NONE, Grammar::enable, new EnableHandler());
        add("SELECT", LOGGED_IN, NONE, g -> g.select(false), select);
        add("EXAMINE", LOGGED_IN, NONE, g -> g.select(true), select);
        add("CREATE", LOGGED_IN, NONE, Grammar::create, new CreateHandler(visible, tree));
        add("DELETE", LOGGED_IN, NONE, Grammar::delete, new DeleteHandler(visible, tree));
        add("RENAME", LOGGED_IN, NONE, Grammar::rename, new RenameHandler(visible, tree));
        add("SUBSCRIBE", LOGGED_IN, NONE, Grammar::subscribe, new SubscribeHandler(backend.subscriptions()));
        add("UNSUBSCRIBE", LOGGED_IN, NONE, Grammar::unsubscribe, new UnsubscribeHandler(backend.subscriptions()));
        add(
                "LIST",
                LOGGED_IN,
                NONE,
                Grammar::list,
                new ListHandler(visible, tree, backend.subscriptions(), backend.metadata(), limits));
        add("LSUB", LOGGED_IN, NONE, Grammar::lsub, new LsubHandler(backend.subscriptions(), limits));
        add("NAMESPACE", LOGGED_IN, NONE, g -> g.bare(new Command.Namespace()), new NamespaceHandler());
        var metadata = backend.metadata();
        add("GETMETADATA", LOGGED_IN, NONE, Grammar::getMetadata, new GetMetadataHandler(visible, metadata));
        add("SETMETADATA", LOGGED_IN, NONE, Grammar::setMetadata, new SetMetadataHandler(visible, metadata));
        add("NOTIFY", LOGGED_IN, NONE, Grammar::watch, new NotifyHandler(limits));
        add("STATUS", LOGGED_IN, NONE, Grammar::status, new StatusHandler(visible, tree));
        rights(backend);
    }

    private void rights(Backend backend) {
        var visible = backend.visible();
        var acls = backend.acls();
        var changes = new AclChanges(visible, acls);
        add("SETACL", LOGGED_IN, NONE, Grammar::setAcl, new SetAclHandler(changes));
        add("DELETEACL", LOGGED_IN, NONE, Grammar::deleteAcl, new DeleteAclHandler(changes));
        add("GETACL", LOGGED_IN, NONE, Grammar::getAcl, new GetAclHandler(visible, acls));
        add("LISTRIGHTS", LOGGED_IN, NONE, Grammar::listRights, new ListRightsHandler(visible, acls));
        add("MYRIGHTS", LOGGED_IN, NONE, Grammar::myRights, new MyRightsHandler(visible));
        var quotas = new Quotas(visible, backend.folders(), new OwnerStorage(backend.entitlements()));
        add("GETQUOTA", LOGGED_IN, NONE, Grammar::getQuota, new GetQuotaHandler(quotas));
        add("GETQUOTAROOT", LOGGED_IN, NONE, Grammar::getQuotaRoot, new GetQuotaRootHandler(visible, quotas));
    }

    private void messages(Backend backend, ImapLimits limits, CommandMeters meters) {
        var store = backend.messages();
        var expunge = new ExpungeHandler(store);
        searches(backend, limits);
        var fetch = new FetchHandler(store, backend.contents());
        var flags = new StoreHandler(store);
        var visible = backend.visible();
        var storage = new OwnerStorage(backend.entitlements());
        var copy = new CopyHandler(visible, store, storage);
        var move = new MoveHandler(visible, store, storage);
        var urls = new UrlParts(new UrlGrammar(limits), visible, new MessageParts(backend.contents()));
        var intake = new Intake(visible, urls, backend.spools(), backend.clock(), meters);
        var append = new AppendHandler(store, backend.sentCopies(), storage, intake);
        var replace = new ReplaceHandler(store, storage, intake);
        add("REPLACE", SELECTED, SEQUENCE_COPYING, g -> g.replace(SEQUENCE), replace);
        add("UID REPLACE", SELECTED, UIDS, g -> g.replace(UID), replace);
        add("APPEND", LOGGED_IN, NONE, Grammar::append, append);
        add("IDLE", LOGGED_IN, NONE, g -> g.bare(new Command.Idle()), new IdleHandler());
        add("CHECK", SELECTED, NONE, g -> g.bare(new Command.Check()), new CheckHandler());
        add("CLOSE", SELECTED, NONE, g -> g.bare(new Command.Close()), new CloseHandler(store));
        add("UNSELECT", SELECTED, NONE, g -> g.bare(new Command.Unselect()), new UnselectHandler());
        add("EXPUNGE", SELECTED, NONE, g -> g.bare(new Command.Expunge(Optional.empty())), expunge);
        add("UID EXPUNGE", SELECTED, UIDS, Grammar::uidExpunge, expunge);
        add("FETCH", SELECTED, SEQUENCE_ASKING, g -> g.fetch(SEQUENCE), fetch);
        add("UID FETCH", SELECTED, UIDS, g -> g.fetch(UID), fetch);
        add("STORE", SELECTED, SEQUENCE_CHANGING, g -> g.store(SEQUENCE), flags);
        add("UID STORE", SELECTED, UIDS_CHANGING, g -> g.store(UID), flags);
        add("COPY", SELECTED, SEQUENCE_COPYING, g -> g.copy(SEQUENCE), copy);
        add("UID COPY", SELECTED, UIDS, g -> g.copy(UID), copy);
        add("MOVE", SELECTED, SEQUENCE_COPYING, g -> g.move(SEQUENCE), move);
        add("UID MOVE", SELECTED, UIDS, g -> g.move(UID), move);
    }

    private void searches(Backend backend, ImapLimits limits) {
        var gate = new ScanGate(limits);
        var searcher = new Searcher(backend.contents(), backend.index(), backend.clock(), gate, limits);
        var sorter = new Sorter(new KeyCache(backend.contents(), limits.sortedMessages()), gate);
        var search = new SearchHandler(searcher);
        var sort = new SortHandler(searcher, sorter);
        var thread = new ThreadHandler(searcher, sorter);
        add("SEARCH", SELECTED, SEQUENCE_ASKING, g -> g.search(SEQUENCE), search);
        add("UID SEARCH", SELECTED, UIDS, g -> g.search(UID), search);
        add("SORT", SELECTED, SEQUENCE_ASKING, g -> g.sort(SEQUENCE), sort);
        add("UID SORT", SELECTED, UIDS, g -> g.sort(UID), sort);
        add("ESEARCH", LOGGED_IN, UIDS, Grammar::multiSearch, new MultiSearchHandler(backend, searcher, limits));
        add("CANCELUPDATE", SELECTED, NONE, Grammar::cancelUpdate, new CancelUpdateHandler());
        add("THREAD", SELECTED, SEQUENCE_ASKING, g -> g.thread(SEQUENCE), thread);
        add("UID THREAD", SELECTED, UIDS, g -> g.thread(UID), thread);
    }

    private <C extends Command> void add(
            String name, Set<State> states, Numbers numbers, Reader<C> reader, Handler<C> handler) {
        rules.put(name, new CommandRule<>(name, states, numbers, reader, handler));
    }

    /** The line that the next command's name finds; {@code UID} is followed by a second name. */
    CommandRule<?> next(Lexer lexer) throws Unparsable {
        var name = lexer.atom("command").toUpperCase(Locale.ROOT);
        if (name.equals("UID")) {
            lexer.space();
            name += ' ' + lexer.atom("command").toUpperCase(Locale.ROOT);
        }
        var rule = rules.get(name);
        if (rule == null) {
            throw Unparsable.bad("Unknown command");
        }
        return rule;
    }

    /** Whether its arguments or its dialogue hold a secret, which must not be read in clear. */
    boolean takesSecrets(CommandRule<?> rule) {
        return rule.name().equals("LOGIN") || rule.name().equals("AUTHENTICATE");
    }
}
