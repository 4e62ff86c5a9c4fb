package org.postern.server;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.Function;
import org.postern.accounts.AccessSwitches;
import org.postern.accounts.AccountPasswords;
import org.postern.accounts.Accounts;
import org.postern.accounts.AccountsMeters;
import org.postern.accounts.ClusterSecrets;
import org.postern.accounts.Connections;
import org.postern.accounts.CurrentPlans;
import org.postern.accounts.Domains;
import org.postern.accounts.Entitlements;
import org.postern.accounts.Groups;
import org.postern.accounts.Mailboxes;
import org.postern.accounts.PlanImpact;
import org.postern.accounts.PlanOverrides;
import org.postern.accounts.SendQuotas;
import org.postern.accounts.SendingLocks;
import org.postern.accounts.Tokens;
import org.postern.accounts.event.EventLog;
import org.postern.accounts.event.Events;
import org.postern.database.Database;
import org.postern.delivery.WaitingMail;
import org.postern.delivery.dkim.DkimKeys;
import org.postern.delivery.domains.DomainChecks;
import org.postern.mailstore.FeedSettings;
import org.postern.mailstore.FolderFeed;
import org.postern.mailstore.FolderStatus;
import org.postern.mailstore.FolderTree;
import org.postern.model.MailboxId;
import org.postern.server.config.PosternConfig;

/**
 * What administrators do, over an open database: wired once for the command line and for the server.
 *
 * @param storedBytes what a mailbox holds, over all its folders
 */
public record Administration(
        CurrentPlans plans,
        Accounts accounts,
        Domains domains,
        DkimKeys dkim,
        DomainChecks domainChecks,
        Mailboxes mailboxes,
        Groups groups,
        Tokens tokens,
        Entitlements entitlements,
        SendQuotas quotas,
        Connections connections,
        EventLog eventLog,
        PlanOverrides overrides,
        PlanImpact impact,
        AccessSwitches accessSwitches,
        SendingLocks sendingLocks,
        WaitingMail waitingMail,
        Function<MailboxId, Long> storedBytes) {

    /** Beside the services of a server. */
    static Administration of(
            Database database,
            PosternConfig config,
            CurrentPlans plans,
            FolderTree tree,
            AccountsParts parts,
            SecureRandom random) {
        var dkim = new DkimKeys(database, parts.secrets(), random, InstantSource.system());
        return new Administration(
                plans,
                new Accounts(database, plans),
                new Domains(database, dkim::firstKeys),
                dkim,
                domainChecks(database, dkim, config),
                new Mailboxes(database, new AccountPasswords(random), tree::createStandard),
                new Groups(database),
                new Tokens(database, parts.secrets(), random),
                parts.entitlements(),
                parts.quotas(),
                new Connections(database),
                new EventLog(database),
                new PlanOverrides(database, plans),
                new PlanImpact(database),
                parts.accessSwitches(),
                parts.sendingLocks(),
                new WaitingMail(database),
                mailbox -> stored(tree, mailbox));
    }

    /** What the server's own services share with its administrators. */
    record AccountsParts(
            ClusterSecrets secrets,
            Entitlements entitlements,
            SendQuotas quotas,
            AccessSwitches accessSwitches,
            SendingLocks sendingLocks) {}

    /** For one command: beside a server, or without one. Nobody watches folders here. */
    static Administration forCommand(
            Database database,
            PosternConfig config,
            CurrentPlans plans,
            Events events,
            AccountsMeters meters,
            SecureRandom random) {
        var secrets = ClusterSecrets.load(database, random);
        var dkim = new DkimKeys(database, secrets, random, InstantSource.system());
        return new Administration(
                plans,
                new Accounts(database, plans),
                new Domains(database, dkim::firstKeys),
                dkim,
                domainChecks(database, dkim, config),
                new Mailboxes(
                        database,
                        new AccountPasswords(random),
                        (tx, mailbox) -> withTree(database, tree -> {
                            tree.createStandard(tx, mailbox);
                            return mailbox;
                        })),
                new Groups(database),
                new Tokens(database, secrets, random),
                new Entitlements(database, plans),
                new SendQuotas(database, events, meters),
                new Connections(database),
                new EventLog(database),
                new PlanOverrides(database, plans),
                new PlanImpact(database),
                new AccessSwitches(database, new Entitlements(database, plans), events, InstantSource.system()),
                new SendingLocks(database, events, InstantSource.system()),
                new WaitingMail(database),
                mailbox -> withTree(database, tree -> stored(tree, mailbox)));
    }

    private static DomainChecks domainChecks(Database database, DkimKeys dkim, PosternConfig config) {
        return new DomainChecks(database, dkim, Published.dns(config), Published.hosts(config), InstantSource.system());
    }

    private static long stored(FolderTree tree, MailboxId mailbox) {
        return tree.statuses(mailbox).stream().mapToLong(FolderStatus::size).sum();
    }

    private static <T, E extends Exception> T withTree(Database database, TreeWork<T, E> work) throws E {
        try (var notifications = database.listen();
                var feed = new FolderFeed(database, notifications, FeedSettings.DEFAULT)) {
            return work.on(new FolderTree(database, feed));
        }
    }

    @FunctionalInterface
    private interface TreeWork<T, E extends Exception> {
        T on(FolderTree tree) throws E;
    }
}
