package org.postern.server;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.database.Tx;

/** The house plan's arrows: who may know whom. */
final class ArrowsTest {
    private static final JavaClasses SHIPPED = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("testkit") && !location.contains("testbed"))
            .importPackages("org.postern");

    /** Each module with all that it may use; "all" where nothing is kept from it. */
    private static final Map<String, List<String>> ARROWS = Map.ofEntries(
            Map.entry("model", List.of()),
            Map.entry("mime", List.of("model")),
            Map.entry("database", List.of("model")),
            Map.entry("accounts", List.of("model", "database")),
            Map.entry("mailstore", List.of("model", "mime", "database")),
            Map.entry("transfer", List.of("model", "mime", "mailstore")),
            Map.entry("delivery", List.of("model", "mime", "database", "accounts", "mailstore")),
            Map.entry("net", List.of("model")),
            // Of database only the exceptions that say it is away.
            Map.entry("imap", List.of("model", "mime", "accounts", "mailstore", "net", "database")),
            Map.entry("line", List.of("model", "net")),
            Map.entry("pop3", List.of("model", "accounts", "mailstore", "net", "line", "database")),
            Map.entry("smtp", List.of("model", "mime", "accounts", "delivery", "net", "line", "database")),
            Map.entry("console", List.of("model", "accounts", "mailstore", "delivery", "net", "database")));

    private static final String[] SESSIONS = {"org.postern.imap..", "org.postern.pop3..", "org.postern.smtp.."};

    static Stream<String> modules() {
        return ARROWS.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void pointOnlyUpwards(String module) {
        var allowed = Stream.concat(Stream.of(module), ARROWS.getOrDefault(module, List.of()).stream())
                .map(each -> "org.postern." + each + "..")
                .toArray(String[]::new);
        classes()
                .that()
                .resideInAPackage("org.postern." + module + "..")
                .should()
                .onlyDependOnClassesThat(
                        resideInAPackage("org.postern..").negate().or(resideInAnyPackage(allowed)))
                .check(SHIPPED);
    }

    @Test
    void everyModuleIsHeldHere() throws IOException {
        try (var folders = Files.list(Path.of(".."))) {
            assertThat(folders.filter(folder -> Files.exists(folder.resolve("pom.xml")))
                            .map(folder -> folder.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            Stream.concat(modules(), Stream.of("server", "testkit", "testbed", "bench"))
                                    .toList());
        }
    }

    @Test
    @DisplayName("sessions know of the database only that it can be away")
    void sessionsKnowOnlyFailuresOfTheDatabase() {
        noClasses()
                .that()
                .resideInAnyPackage(SESSIONS)
                .should()
                .dependOnClassesThat(
                        resideInAPackage("org.postern.database..").and(not(assignableTo(RuntimeException.class))))
                .check(SHIPPED);
    }

    @Test
    @DisplayName("SQL is spoken in database, accounts, mailstore and delivery alone")
    void sql() {
        var speakers = resideOutsideOfPackages(
                "org.postern.database..",
                "org.postern.accounts..",
                "org.postern.mailstore..",
                "org.postern.delivery..");
        noClasses()
                .that(speakers)
                .should()
                .dependOnClassesThat(resideInAPackage("java.sql..").and(not(equivalentTo(SQLException.class))))
                .check(SHIPPED);
        noClasses()
                .that(speakers)
                .should()
                .callMethodWhere(target(owner(equivalentTo(Tx.class))))
                .check(SHIPPED);
    }

    @Test
    void onlyNetKnowsNetty() {
        noClasses()
                .that(resideOutsideOfPackages("org.postern.net.."))
                .should()
                .dependOnClassesThat(resideInAPackage("io.netty..").and(resideOutsideOfPackages("io.netty.buffer..")))
                .check(SHIPPED);
    }

    @Test
    void onlyLineSessionsKnowJames() {
        noClasses()
                .that(resideOutsideOfPackages("org.postern.line..", "org.postern.pop3..", "org.postern.smtp.."))
                .should()
                .dependOnClassesThat(resideInAPackage("org.apache.james.protocols.."))
                .check(SHIPPED);
    }

    @Test
    void onlyMimeKnowsMime4j() {
        noClasses()
                .that(resideOutsideOfPackages("org.postern.mime.."))
                .should()
                .dependOnClassesThat(resideInAPackage("org.apache.james.mime4j.."))
                .check(SHIPPED);
    }

    @Test
    void nothingStaticChanges() {
        fields().that()
                .areStatic()
                .and()
                .doNotHaveModifier(JavaModifier.SYNTHETIC)
                .should()
                .beFinal()
                .check(SHIPPED);
    }
}
