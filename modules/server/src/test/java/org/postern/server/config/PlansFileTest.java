package org.postern.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.model.ConnectionCap;
import org.postern.model.Plan;
import org.postern.model.PlanName;
import org.postern.model.Protocol;
import org.postern.model.SendQuota;
import org.postern.model.SendQuota.Subject;

/** plans.yml, as shipped and broken. */
final class PlansFileTest {
    private static final Path SHIPPED = Path.of("../../config/plans.yml");

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "P3: {0} has {1}/{2} IMAP connections")
    @CsvSource({"nano, 10, 15", "starter, 25, 40", "pro, 50, 80", "agency, 100, 150"})
    void shippedCaps(String plan, int perClientAddress, int perMailbox) throws Exception {
        assertThat(plan(plan).connections().get(Protocol.IMAP))
                .isEqualTo(new ConnectionCap(perClientAddress, perMailbox));
        assertThat(plan(plan).connections()).containsKeys(Protocol.values());
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
                        new SendQuota(Subject.MAILBOX, Duration.ofDays(1), dailyOfMailbox),
                        new SendQuota(Subject.ACCOUNT, Duration.ofDays(1), dailyOfAccount),
                        new SendQuota(Subject.ACCOUNT, Duration.ofHours(1), hourly));
    }

    @Test
    void aBrokenFileSaysWhere() throws Exception {
        var file = folder.resolve("plans.yml");
        Files.writeString(file, """
                plans:
                  small:
                    imap: {per-client-address: 10, per-mailbox: 5}
                    storage: 1 furlong
                    sending: {quotas: [{per: mailbox, window: 1h, max: 0}]}
                  Big: {storage: 1GB}
                """);
        var refused = catchThrowableOfType(ConfigRefused.class, () -> ConfigFiles.readPlans(file));
        assertThat(refused.problems())
                .map(problem -> problem.toString().replace(file + ":", ""))
                .containsExactly(
                        "3:11: plans.small.imap: per-client-address is 1 to per-mailbox, per-mailbox at most 10000;"
                                + " found 10 and 5",
                        "4:14: plans.small.storage: expected a size such as 64KB, 25MB or 10GB, 1MB to 100TB, found"
                                + " \"1 furlong\"",
                        "5:56: plans.small.sending.quotas[0].max: 0 is out of bounds; allowed is 1 to 100000000");
    }

    @Test
    void aPlanNeedsAUsableName() throws Exception {
        var file = folder.resolve("plans.yml");
        Files.writeString(file, "plans:\n  Big: {storage: 1GB}\n");
        assertThat(catchThrowableOfType(ConfigRefused.class, () -> ConfigFiles.readPlans(file)))
                .hasMessageContaining("a plan's name is");
        Files.writeString(file, "plans: {}\n");
        assertThat(catchThrowableOfType(ConfigRefused.class, () -> ConfigFiles.readPlans(file)))
                .hasMessageContaining("at least one plan");
    }

    private static Plan plan(String name) throws ConfigRefused {
        return Objects.requireNonNull(ConfigFiles.readPlans(SHIPPED).get(new PlanName(name)));
    }
}
