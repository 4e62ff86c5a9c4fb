package org.postern.server;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import org.postern.accounts.AccountsNode;
import org.postern.accounts.Senders;
import org.postern.database.Database;
import org.postern.delivery.Recipients;
import org.postern.delivery.inbound.Examiner;
import org.postern.delivery.inbound.Inspection;
import org.postern.delivery.inbound.SpamFilter;
import org.postern.mime.bytes.SpoolSettings;
import org.postern.net.SessionFactory;
import org.postern.smtp.inbound.InboundLimits;
import org.postern.smtp.inbound.InboundSessions;
import org.postern.smtp.inbound.InboundSettings;
import org.postern.smtp.submission.SubmissionLimits;
import org.postern.smtp.submission.SubmissionSessions;
import org.postern.smtp.submission.SubmissionSettings;

/** SMTP in its three forms, wired: what is submitted, and what other servers bring. */
final class SmtpServices {
    private final PosternSettings settings;
    private final Database database;
    private final AccountsNode accounts;
    private final DeliveryServices delivery;
    private final SpoolSettings spools;
    private final MeterRegistry meters;
    private final Optional<SpamFilter> spamFilter;
    private final Recipients recipients;

    SmtpServices(
            PosternSettings settings,
            Database database,
            AccountsNode accounts,
            DeliveryServices delivery,
            Optional<SpamFilter> spamFilter,
            SpoolSettings spools,
            MeterRegistry meters) {
        this.settings = settings;
        this.database = database;
        this.accounts = accounts;
        this.delivery = delivery;
        this.spamFilter = spamFilter;
        this.spools = spools;
        this.meters = meters;
        this.recipients = delivery.recipients();
    }

    SessionFactory submission() {
        return new SubmissionSessions(
                submissionSettings(),
                accounts.sasl(),
                new Senders(database),
                recipients,
                delivery.submissions(),
                accounts.abuseWatch(),
                accounts.events(),
                meters,
                settings.clock(),
                settings.random());
    }

    private SubmissionSettings submissionSettings() {
        var config = settings.config();
        var defaults = SubmissionLimits.DEFAULT;
        var limits = new SubmissionLimits(
                MailServices.idle(defaults.lines(), config.sessions().smtpIdle()),
                defaults.authLine(),
                defaults.textLine(),
                defaults.headerBytes(),
                defaults.drainBytes(),
                defaults.dataPause(),
                defaults.messages());
        var keys = config.submission();
        return new SubmissionSettings(
                config.hostname(), config.help(), keys.showClientAddress(), keys.longestHold(), spools, limits);
    }

    SessionFactory lmtp() {
        boolean asks = settings.config().spamFilter().lmtp();
        var inspection = new Inspection(Optional.empty(), asks ? spamFilter : Optional.empty());
        return InboundSessions.lmtp(
                inbound(InboundLimits.LMTP), recipients, delivery.arrivals(), inspection, meters, settings.clock());
    }

    SessionFactory mx() {
        var config = settings.config();
        var examiner = new Examiner(
                Published.dns(config), config.hostname(), config.inbound().failedDmarc(), settings.clock());
        return InboundSessions.mx(
                inbound(InboundLimits.MX),
                recipients,
                delivery.arrivals(),
                new Inspection(Optional.of(examiner), spamFilter),
                meters,
                settings.clock());
    }

    private InboundSettings inbound(InboundLimits limits) {
        var config = settings.config();
        return new InboundSettings(config.hostname(), config.help(), config.fullMailboxes(), spools, limits);
    }
}
