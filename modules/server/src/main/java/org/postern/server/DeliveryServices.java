package org.postern.server;

import io.micrometer.core.instrument.MeterRegistry;
import org.postern.accounts.AccountsNode;
import org.postern.accounts.Forwardings;
import org.postern.database.Database;
import org.postern.delivery.Arrivals;
import org.postern.delivery.Carriers;
import org.postern.delivery.DeliveryLimits;
import org.postern.delivery.DeliveryMeter;
import org.postern.delivery.ForwardRoutes;
import org.postern.delivery.Forwarder;
import org.postern.delivery.MailboxTerms;
import org.postern.delivery.QueueRunner;
import org.postern.delivery.Recipients;
import org.postern.delivery.Reports;
import org.postern.delivery.Submissions;
import org.postern.delivery.dkim.MessageSigner;
import org.postern.delivery.dsn.ReportText;
import org.postern.delivery.relay.Relay;
import org.postern.delivery.relay.RelaySettings;
import org.postern.delivery.relay.client.ClientTls;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.SpecialFolders;
import org.postern.mime.bytes.SpoolSettings;
import org.postern.server.config.ConfigFiles;
import org.postern.server.config.ConfigRefused;

/** What takes messages, and what carries them on: to mailboxes, to other hosts, and back to their senders. */
record DeliveryServices(Recipients recipients, Submissions submissions, Arrivals arrivals) {
    /** Starts what works in the background; what is started is added to {@code stops}. */
    static DeliveryServices start(
            PosternSettings settings,
            Database database,
            FolderStore store,
            FolderTree tree,
            AccountsNode accounts,
            Administration administration,
            SpoolSettings spools,
            MeterRegistry meters,
            StopOrder stops)
            throws ConfigRefused {
        var keys = settings.config().relay();
        var limits = DeliveryLimits.DEFAULT.waiting(keys.expiry(), keys.delayNotice(), keys.claimLease());
        var meter = new DeliveryMeter(meters);
        var terms = new MailboxTerms(database, administration.entitlements(), new SpecialFolders(database, tree));
        var reports = new Reports(
                new ReportText(settings.config().hostname(), settings.config().help(), settings.random()),
                accounts.directory(),
                accounts.events(),
                limits.expiry(),
                settings.clock());
        var recipients = new Recipients(
                accounts.directory(),
                administration.mailboxes(),
                settings.config().pausedMailboxes());
        var signer = new MessageSigner(administration.dkim(), settings.clock());
        var forwarder = new Forwarder(
                database,
                new ForwardRoutes(accounts.directory(), new Forwardings(database), recipients),
                signer,
                limits);
        var carriers = new Carriers();
        var runner = stops.add(
                "queue runner",
                new QueueRunner(
                        database,
                        store,
                        terms,
                        forwarder,
                        reports,
                        spools,
                        carriers,
                        limits,
                        meter,
                        settings.random(),
                        settings.clock()));
        carriers.add(runner::wake);
        runner.start();
        if (keys.enabled()) {
            var relay = stops.add(
                    "relay",
                    new Relay(
                            database,
                            relaySettings(settings),
                            reports,
                            accounts.abuseWatch(),
                            carriers::wake,
                            meters,
                            settings.random(),
                            settings.clock()));
            carriers.add(relay::wake);
            relay.start();
        }
        var arrivals = new Arrivals(database, store, terms, carriers::wake, limits, meter, settings.clock());
        var submissions = new Submissions(
                database,
                store,
                administration.quotas(),
                accounts.abuseWatch(),
                terms,
                carriers::wake,
                limits,
                meter,
                signer,
                settings.clock());
        return new DeliveryServices(recipients, submissions, arrivals);
    }

    private static RelaySettings relaySettings(PosternSettings settings) throws ConfigRefused {
        var config = settings.config();
        return new RelaySettings(
                config.hostname(),
                config.hostnames(),
                ConfigFiles.smarthost(config.relay()),
                config.relay().tls(),
                config.relay().mtaSts(),
                config.relay().dane(),
                RelaySettings.SMTP_PORT,
                RelaySettings.HTTPS_PORT,
                false,
                ClientTls.trusting(ConfigFiles.authorities(config.relay()), settings.random()),
                config.relay().toLimits().with(Published.dnsSettings(config)));
    }
}
