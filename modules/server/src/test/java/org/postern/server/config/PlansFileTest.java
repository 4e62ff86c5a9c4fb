package org.postern.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.accounts.Overrides;
import org.postern.accounts.Plans;
import org.postern.model.AbuseThresholds;
import org.postern.model.AbuseThresholds.Threshold;
import org.postern.model.AtLimit;
import org.postern.model.ConnectionCap;
import org.postern.model.ConnectionCap.AtCap;
import org.postern.model.NewRecipientLimit;
import org.postern.model.OutsideAccess;
import org.postern.model.Plan;
import org.postern.model.PlanName;
import org.postern.model.Pop3Rules;
import org.postern.model.Protocol;
import org.postern.model.ProtocolRights;
import org.postern.model.SendQuota;
import org.postern.model.SendQuota.Counting;
import org.postern.model.SendQuota.Subject;
import org.postern.model.StorageLimit;

/** plans.yml, as shipped and broken. */
final class PlansFileTest {
    private static final Path SHIPPED = Path.of("../../config/plans.yml");

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "P3: {0} has {1}/{2} IMAP connections")
    @CsvSource({"nano, 10, 15", "starter, 25, 40", "pro, 50, 80", "agency, 100, 150"})
    void shippedCaps(String plan, int perClientAddress, int perMailbox) throws Exception {
        assertThat(plan(plan).rights(Protocol.IMAP))
                .hasValue(ProtocolRights.of(new ConnectionCap(perClientAddress, perMailbox)));
        assertThat(plan(plan).protocols()).containsKeys(Protocol.values());
    }

    @Test
    @DisplayName("P5: nano cannot send")
    void nanoCannotSend() throws Exception {
        assertThat(plan("nano").sending().allowed()).isFalse();
    }

    @ParameterizedTest(name = "P6: {0} sends {1} a day per mailbox, {2} a day per account, {3} an hour")
    @CsvSource({"starter, 1000, 6000, 500", "pro, 2000, 15000, 1500", "agency, 2500, 40000, 3000"})
    void shippedQuotas(String plan, int dailyOfMailbox, int dailyOfAccount, int hourly) throws Exception {
        assertThat(plan(plan).sending().quotas())
                .containsExactlyInAnyOrder(
                        messages(Subject.MAILBOX, Duration.ofDays(1), dailyOfMailbox),
                        messages(Subject.ACCOUNT, Duration.ofDays(1), dailyOfAccount),
                        messages(Subject.ACCOUNT, Duration.ofHours(1), hourly));
    }

    private static SendQuota messages(Subject subject, Duration window, int max) {
        return new SendQuota(subject, window, Counting.MESSAGES, max, AtLimit.DEFER);
    }

    @Test
    @DisplayName("the shipped file explains every key, and the bounds of every key that has some")
    void shippedFileIsComplete() throws Exception {
        var text = Files.readString(SHIPPED);
        for (var type : KEYS) {
            Binder.keysOf(type).forEach((path, component) -> {
                assertThat(text)
                        .as(path)
                        .containsPattern("(?m)^#.*\\b" + path.substring(path.lastIndexOf('.') + 1) + "\\b");
                var bounds = component.getAnnotation(Bounds.class);
                if (bounds != null) {
                    assertThat(text).as(path).contains("(" + bounds.min() + " to " + bounds.max() + ")");
                }
            });
        }
    }

    private static final List<Class<?>> KEYS =
            List.of(PlanKeys.class, PlanKeys.ProtocolKeys.class, PlanKeys.Pop3Keys.class, PlanKeys.WindowKeys.class);

    private static final String EVERY_KEY = """
            plans:
              base:
                imap:
                  per-client-address: 2
                  per-mailbox: 6
                  per-token: 3
                  at-cap: end-longest-idle
                  outside-access:
                    on-by-default: false
                    activation-delay: 15m
                    off-when-unused: 60d
                    off-when-mailbox-inactive: 180d
                pop3: {per-mailbox: 4, single-session: true, login-delay: 5m}
                smtp: {per-mailbox: 4}
                storage: {size: 1GB, messages: 1000}
                max-message: 10MB
                sending:
                  recipients-per-message: 20
                  new-recipients: {per-day: 50, at-limit: refuse}
                  quotas:
                    account: {24h: {recipients: 400}}
                    mailbox: {1m: {messages: 5}, 1h: {messages: 15, recipients: 60, at-limit: refuse}}
                abuse:
                  refused-recipients: {max: 30}
                  new-recipients: {max: 40, window: 1d}
                  client-addresses: {max: 10}
                  bounces: {max: 20}
                  switch-off: [smtp]
            """;

    @Test
    void everyKeyIsRead() throws Exception {
        var plan = read(EVERY_KEY).byName().get(new PlanName("base"));
        var pop3 = new ConnectionCap(4, 4);
        var outside = new OutsideAccess(
                false, Duration.ofMinutes(15), Optional.of(Duration.ofDays(60)), Optional.of(Duration.ofDays(180)));
        var hour = Duration.ofHours(1);
        assertThat(plan)
                .isEqualTo(new Plan(
                        new PlanName("base"),
                        Map.of(
                                Protocol.IMAP,
                                        new ProtocolRights(new ConnectionCap(2, 6, 3, AtCap.END_LONGEST_IDLE), outside),
                                Protocol.POP3, ProtocolRights.of(pop3),
                                Protocol.SMTP, ProtocolRights.of(pop3)),
                        new Pop3Rules(true, Optional.of(Duration.ofMinutes(5))),
                        new Plan.Sending(
                                true,
                                List.of(
                                        new SendQuota(
                                                Subject.ACCOUNT,
                                                Duration.ofDays(1),
                                                Counting.RECIPIENTS,
                                                400,
                                                AtLimit.DEFER),
                                        messages(Subject.MAILBOX, Duration.ofMinutes(1), 5),
                                        new SendQuota(Subject.MAILBOX, hour, Counting.MESSAGES, 15, AtLimit.REFUSE),
                                        new SendQuota(Subject.MAILBOX, hour, Counting.RECIPIENTS, 60, AtLimit.REFUSE)),
                                20,
                                Optional.of(new NewRecipientLimit(50, AtLimit.REFUSE))),
                        new AbuseThresholds(
                                Optional.of(new Threshold(30, hour)),
                                Optional.of(new Threshold(40, Duration.ofDays(1))),
                                Optional.of(new Threshold(10, hour)),
                                Optional.of(new Threshold(20, hour)),
                                Set.of(Protocol.SMTP)),
                        new StorageLimit(1 << 30, OptionalInt.of(1000)),
                        10 << 20));
    }

    @Test
    @DisplayName("a plan has what it extends, key by key, and may lift a limit or take a protocol away")
    void inheritance() throws Exception {
        var plans = read(EVERY_KEY + """
                  paid:
                    extends: base
                    pop3: {allowed: false}
                    sending: {quotas: {mailbox: {1h: {messages: unlimited, recipients: unlimited}}}}
                  best:
                    extends: paid
                    storage: {size: 2GB}
                    sending: {quotas: {mailbox: {1m: {at-limit: refuse}}}}
                """);
        var best = plans.find(new PlanName("best")).orElseThrow();
        assertThat(best.rights(Protocol.IMAP))
                .isEqualTo(plans.find(new PlanName("base")).orElseThrow().rights(Protocol.IMAP));
        assertThat(best.rights(Protocol.POP3)).isEmpty();
        assertThat(best.storage()).isEqualTo(new StorageLimit(2L << 30, OptionalInt.of(1000)));
        assertThat(best.sending().quotas())
                .containsExactly(
                        new SendQuota(Subject.ACCOUNT, Duration.ofDays(1), Counting.RECIPIENTS, 400, AtLimit.DEFER),
                        new SendQuota(Subject.MAILBOX, Duration.ofMinutes(1), Counting.MESSAGES, 5, AtLimit.REFUSE));
    }

    @Test
    @DisplayName("overrides are the file's own keys")
    void overrides() throws Exception {
        var plans = read(EVERY_KEY);
        var base = new PlanName("base");
        var overridden = plans.with(
                base,
                new Overrides(Map.of(
                        "imap.per-mailbox", "9",
                        "pop3.login-delay", "none",
                        "sending.quotas.mailbox.60m.messages", "unlimited",
                        "abuse.switch-off", "[]")));
        assertThat(overridden.rights(Protocol.IMAP).orElseThrow().cap())
                .isEqualTo(new ConnectionCap(2, 9, 3, AtCap.END_LONGEST_IDLE));
        assertThat(overridden.pop3()).isEqualTo(new Pop3Rules(true, Optional.empty()));
        assertThat(overridden.sending().quotas()).hasSize(3);
        assertThat(overridden.abuse().switchOff()).isEmpty();
        assertThat(plans.find(base).orElseThrow().pop3().loginDelay()).isPresent();
    }

    @ParameterizedTest
    @DisplayName("an override that does not fit says which and why")
    @CsvSource(
            delimiter = '|',
            value = {
                "colour|red|colour: no such key",
                "imap|5|imap: expected keys and values",
                "imap.per-mailbox|many|imap.per-mailbox: expected a whole number",
                "imap.per-mailbox|1|imap: per-client-address is 1 to per-mailbox",
                "imap.per-mailbox|10001|imap: per-mailbox is 1 to 10000",
                "sending.allowed|maybe|sending.allowed: expected true or false",
                "sending.quotas.mailbox.1y.messages|5|sending.quotas.mailbox.1y: expected a window",
                "storage.size|-1|storage.size: expected a size",
                "extends|base|extends: no such key",
                "storage.messages|'*x'|storage.messages: *x is not a value"
            })
    void unfitOverrides(String key, String value, String why) throws Exception {
        var plans = read(EVERY_KEY);
        assertThatThrownBy(() -> plans.with(new PlanName("base"), new Overrides(Map.of(key, value))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(why);
    }

    @Test
    void aBrokenFileSaysWhere() {
        assertThat(problems("""
                        plans:
                          small:
                            imap: {per-client-address: 10, per-mailbox: 5}
                            pop3: {login-delay: soon}
                            storage: {size: 1 furlong}
                            sending: {quotas: {mailbox: {1h: {messages: 0}, 1y: {}, 24h: {}, 1d: {}}}}
                          smaller: {extends: small}
                          lost: {extends: smal}
                          round: {extends: about}
                          about: {extends: round}
                          Big: {storage: {size: 1GB}}
                          text: 5
                        """))
                .containsExactly(
                        "3:11: plans.small.imap: per-client-address is 1 to per-mailbox, which is 5; found 10",
                        "4:25: plans.small.pop3.login-delay: expected a duration such as 250ms, 10s, 30m, 24h or 7d,"
                                + " 1s to 1d, or none, found \"soon\"",
                        "5:21: plans.small.storage.size: expected a size such as 64KB, 25MB or 10GB, 1MB to 100TB,"
                                + " found \"1 furlong\"",
                        "6:49: plans.small.sending.quotas.mailbox.1h.messages: 0 is out of bounds; allowed is 1 to"
                                + " 100000000, or unlimited",
                        "6:53: plans.small.sending.quotas.mailbox.1y: expected a window of 1m to 31d, such as 1h or"
                                + " 24h, found \"1y\"",
                        "6:70: plans.small.sending.quotas.mailbox.1d: is the same as another key here",
                        "8:19: plans.lost.extends: there is no plan smal; did you mean small?",
                        "10:20: plans.about.extends: goes round in a circle: round extends about extends round",
                        "9:20: plans.round.extends: goes round in a circle: about extends round extends about",
                        "11:3: plans.Big: a plan's name is [a-z][a-z0-9-]{0,39}: Big",
                        "12:9: plans.text: expected keys and values, indented below it");
        assertThat(problems("plans: {}\n")).containsExactly("1:1: plans: there must be at least one plan");
        assertThat(problems("plan: {}\n")).containsExactly("1:1: plan: no such key; the key here is plans");
    }

    private List<String> problems(String text) {
        return catchThrowableOfType(ConfigRefused.class, () -> read(text)).problems().stream()
                .map(problem -> problem.toString().replace(folder.resolve("plans.yml") + ":", ""))
                .toList();
    }

    private Plans read(String text) throws IOException, ConfigRefused {
        var file = folder.resolve("plans.yml");
        Files.writeString(file, text);
        return ConfigFiles.readPlans(file);
    }

    private static Plan plan(String name) throws ConfigRefused {
        return ConfigFiles.readPlans(SHIPPED).find(new PlanName(name)).orElseThrow();
    }
}
