package org.postern.server;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.function.Supplier;
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
        SharedFolders sharedFolders,
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

    /**
     * Beside the services of a server.
     *
     * @param folders asked for when they are needed
     */
    static Administration of(
            Database database,
            PosternConfig config,
            CurrentPlans plans,
            Supplier<Folders> folders,
            AccountsParts parts,
            SecureRandom random) {
        var dkim = new DkimKeys(database, parts.secrets(), random, InstantSource.system());
        var mailboxes = new Mailboxes(
                database,
                new AccountPasswords(random),
                (tx, mailbox) -> folders.get().tree().createStandard(tx, mailbox),
                mailbox -> folders.get().acls().turned(mailbox));
        return new Administration(
                plans,
                new Accounts(database, plans),
                new Domains(database, dkim::firstKeys),
                dkim,
                domainChecks(database, dkim, config),
                mailboxes,
                new SharedFolders(mailboxes, folders),
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
                mailbox -> stored(folders.get().tree(), mailbox));
    }

    /** What the server's own services share with its administrators. */
    record AccountsParts(
            ClusterSecrets secrets,
            Entitlements entitlements,
            SendQuotas quotas,
            AccessSwitches accessSwitches,
            SendingLocks sendingLocks) {}

    /** For one command: beside a server, or without one. */
    static Administration forCommand(
            Database database,
            PosternConfig config,
            CurrentPlans plans,
            Supplier<Folders> folders,
            Events events,
            AccountsMeters meters,
            SecureRandom random) {
        var entitlements = new Entitlements(database, plans);
        var parts = new AccountsParts(
                ClusterSecrets.load(database, random),
                entitlements,
                new SendQuotas(database, events, meters),
                new AccessSwitches(database, entitlements, events, InstantSource.system()),
                new SendingLocks(database, events, InstantSource.system()));
        return of(database, config, plans, folders, parts, random);
    }

    private static DomainChecks domainChecks(Database database, DkimKeys dkim, PosternConfig config) {
        return new DomainChecks(database, dkim, Published.dns(config), Published.hosts(config), InstantSource.system());
    }

    private static long stored(FolderTree tree, MailboxId mailbox) {
        return tree.statuses(mailbox).stream().mapToLong(FolderStatus::size).sum();
    }
}
