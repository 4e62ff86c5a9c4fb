package org.postern.delivery.domains;

import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.postern.accounts.Outcome;
import org.postern.accounts.Problem;
import org.postern.database.Database;
import org.postern.database.Row;
import org.postern.delivery.dkim.DkimKeys;
import org.postern.delivery.dkim.DomainKey;
import org.postern.delivery.dkim.KeyState;
import org.postern.delivery.dns.Dns;
import org.postern.delivery.domains.DnsRecord.Purpose;
import org.postern.delivery.domains.Finding.State;
import org.postern.model.Domain;

/** Says what a domain's DNS should have, and finds out what it has; the last verdict is kept. It decides nothing: a domain works unverified. */
public final class DomainChecks {
    private final Database database;
    private final DkimKeys keys;
    private final Dns dns;
    private final MailHosts hosts;
    private final InstantSource clock;

    public DomainChecks(Database database, DkimKeys keys, Dns dns, MailHosts hosts, InstantSource clock) {
        this.database = database;
        this.keys = keys;
        this.dns = dns;
        this.hosts = hosts;
        this.clock = clock;
    }

    /** What has been found, record by record, and what that means. */
    public record Checked(DomainVerdict verdict, List<Finding> findings) {
        public Checked {
            findings = List.copyOf(findings);
        }
    }

    /** In the order of a zone file; keys that are prepared are among them. */
    public Outcome<List<DnsRecord>> records(Domain domain) {
        return switch (keys.list(domain)) {
            case Outcome.Done<List<DomainKey>>(var all) -> Outcome.done(DomainRecords.of(domain, hosts, all));
            case Outcome.Failed<List<DomainKey>>(var problem) -> Outcome.failed(problem);
        };
    }

    /** The text that MTA-STS wants served by HTTPS (RFC 8461 §3.2). */
    public String mtaStsPolicy() {
        return DomainRecords.policy(hosts);
    }

    /** Asks the DNS for each record, and keeps the verdict. */
    public Outcome<Checked> check(Domain domain) {
        return switch (records(domain)) {
            case Outcome.Failed<List<DnsRecord>>(var problem) -> Outcome.failed(problem);
            case Outcome.Done<List<DnsRecord>>(var records) -> {
                var check = new RecordCheck(dns);
                var findings = records.stream()
                        .map(record -> check.check(record, records))
                        .toList();
                var problems = findings.stream()
                        .filter(finding -> finding.record().purpose().isRequired())
                        .filter(finding -> finding.state() != State.PRESENT)
                        .map(finding -> finding.record().purpose() + " "
                                + finding.record().name())
                        .distinct()
                        .toList();
                var verdict = new DomainVerdict(domain, clock.instant(), problems.isEmpty(), problems);
                keep(verdict);
                yield Outcome.done(new Checked(verdict, findings));
            }
        };
    }

    /** Lets prepared keys sign, if their records can be seen. */
    public Outcome<List<DomainKey>> activateKeys(Domain domain) {
        return switch (keys.list(domain)) {
            case Outcome.Failed<List<DomainKey>> failed -> failed;
            case Outcome.Done<List<DomainKey>>(var all) -> {
                var check = new RecordCheck(dns);
                var unseen = all.stream()
                        .filter(key -> key.state() == KeyState.PREPARED)
                        .map(key -> new DnsRecord(Purpose.DKIM, key.name(), DnsRecord.Type.TXT, key.record()))
                        .filter(record -> check.check(record, List.of(record)).state() != State.PRESENT)
                        .findFirst();
                yield unseen.isEmpty()
                        ? keys.activate(domain)
                        : Outcome.failed(new Problem.NotPublished(unseen.get().name()));
            }
        };
    }

    private void keep(DomainVerdict verdict) {
        database.transact(tx -> tx.update(
                """
                INSERT INTO domain_check (domain, checked_at, verified, problems) VALUES (?, ?, ?, ?)
                ON CONFLICT (domain) DO UPDATE
                   SET checked_at = excluded.checked_at, verified = excluded.verified, problems = excluded.problems
                """,
                verdict.domain().name(),
                verdict.checkedAt(),
                verdict.verified(),
                verdict.problems().toArray(String[]::new)));
    }

    /** What the last check found; empty for a domain that has never been checked. */
    public Optional<DomainVerdict> last(Domain domain) {
        return database.read(tx -> tx.first(
                "SELECT domain, checked_at, verified, problems FROM domain_check WHERE domain = ?",
                DomainChecks::verdict,
                domain.name()));
    }

    private static DomainVerdict verdict(Row row) throws SQLException {
        return new DomainVerdict(
                new Domain(row.text("domain")), row.instant("checked_at"), row.bool("verified"), row.texts("problems"));
    }
}
