package org.postern.transfer.imap;

import jakarta.mail.Folder;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.eclipse.angus.mail.imap.IMAPStore;
import org.postern.model.FolderName;
import org.postern.model.SpecialUse;
import org.postern.transfer.FolderFacts;
import org.postern.transfer.FolderNames;
import org.postern.transfer.MailSource;
import org.postern.transfer.SourceFolder;
import org.postern.transfer.SourceGone;
import org.postern.transfer.Uidls;

/** The folders of one user of another IMAP server; those that others share are left alone. */
public final class ImapSource implements MailSource {
    private static final Duration CONNECT = Duration.ofSeconds(30);
    private static final Duration ANSWER = Duration.ofMinutes(3);

    private final IMAPStore store;
    private final String account;
    private final Set<FolderName> except;
    private final Uidls uidls;

    private ImapSource(IMAPStore store, String account, Set<FolderName> except, Uidls uidls) {
        this.store = store;
        this.account = account;
        this.except = except;
        this.uidls = uidls;
    }

    /**
     * Connects and logs in.
     *
     * @param except folders that are left out, by our names
     * @param uidls of INBOX
     * @throws SourceGone when there is no such server, its certificate is not trusted, or it does not let in
     */
    public static ImapSource open(ImapServer server, Set<FolderName> except, Uidls uidls) throws IOException {
        var protocol = server.startTls() ? "imap" : "imaps";
        var session = Session.getInstance(properties(server, "mail." + protocol + "."));
        try {
            var store = (IMAPStore) session.getStore(protocol);
            store.connect(server.host(), server.port(), server.user(), server.secret());
            var account = server.user() + "@" + server.host().toLowerCase(Locale.ROOT);
            return new ImapSource(store, account, except, uidls);
        } catch (MessagingException e) {
            throw new SourceGone(server + ": " + said(e), e);
        }
    }

    private static String said(Exception e) {
        var cause = e.getCause();
        return cause == null || cause.getMessage() == null ? String.valueOf(e.getMessage()) : cause.getMessage();
    }

    private static Properties properties(ImapServer server, String prefix) throws IOException {
        var properties = new Properties();
        properties.put(prefix + "connectiontimeout", Long.toString(CONNECT.toMillis()));
        properties.put(prefix + "timeout", Long.toString(ANSWER.toMillis()));
        properties.put(prefix + "writetimeout", Long.toString(ANSWER.toMillis()));
        properties.put(prefix + "starttls.enable", "true");
        properties.put(prefix + "starttls.required", "true");
        properties.put(
                prefix + "ssl.checkserveridentity",
                Boolean.toString(!server.trust().anything()));
        if (server.trust().anything()) {
            properties.put(prefix + "ssl.trust", "*");
        }
        if (server.trust().authorities().isPresent()) {
            var sockets = TrustedSockets.of(server.trust().authorities().get());
            properties.put(prefix + "ssl.socketFactory", sockets);
        }
        return properties;
    }

    @Override
    public List<SourceFolder<?>> folders() throws IOException {
        try {
            var subscribed = new HashSet<String>();
            for (var folder : store.getDefaultFolder().listSubscribed("*")) {
                subscribed.add(folder.getFullName());
            }
            var others = othersPrefixes();
            var folders = new ArrayList<SourceFolder<?>>();
            for (var folder : store.getDefaultFolder().list("*")) {
                boolean holds = (folder.getType() & Folder.HOLDS_MESSAGES) != 0;
                var name = name(folder);
                if (holds && others.stream().noneMatch(folder.getFullName()::startsWith) && !except.contains(name)) {
                    folders.add(folder((IMAPFolder) folder, name, subscribed.contains(folder.getFullName())));
                }
            }
            return folders;
        } catch (MessagingException e) {
            throw new SourceGone("its folders cannot be listed: " + said(e), e);
        }
    }

    private ImapFolder folder(IMAPFolder folder, FolderName name, boolean subscribed) throws MessagingException {
        var status = ImapFolder.Status.of(folder);
        var facts = new FolderFacts(name, use(folder), subscribed, status.uidValidity(), status.messages());
        return new ImapFolder(folder, account, facts, uidls);
    }

    private static Optional<SpecialUse> use(IMAPFolder folder) throws MessagingException {
        return Arrays.stream(folder.getAttributes())
                .flatMap(attribute -> SpecialUse.of(attribute).stream())
                .findFirst();
    }

    /** Without the prefix of the personal namespace, where that is {@code INBOX.} (RFC 2342). */
    private FolderName name(Folder folder) throws MessagingException {
        var full = folder.getFullName();
        char separator = folder.getSeparator();
        if (separator == 0) {
            return FolderNames.of(List.of(full));
        }
        for (var namespace : store.getPersonalNamespaces()) {
            var prefix = namespace.getFullName();
            if (!prefix.isEmpty() && full.startsWith(prefix + separator)) {
                full = full.substring(prefix.length() + 1);
                break;
            }
        }
        return FolderNames.of(List.of(full.split(Pattern.quote(Character.toString(separator)), -1)));
    }

    private List<String> othersPrefixes() throws MessagingException {
        var prefixes = new ArrayList<String>();
        for (var namespaces : List.of(store.getUserNamespaces(""), store.getSharedNamespaces())) {
            for (var namespace : namespaces) {
                if (!namespace.getFullName().isEmpty()) {
                    prefixes.add(namespace.getFullName() + namespace.getSeparator());
                }
            }
        }
        return prefixes;
    }

    @Override
    public void close() throws IOException {
        try {
            store.close();
        } catch (MessagingException e) {
            throw new SourceGone("LOGOUT was not answered: " + e.getMessage(), e);
        }
    }
}
