// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import eu.aval.server.architecture.fixture.Fixtures;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule holds for the server, and fails for a fixture that breaks it: a rule that cannot fail protects nothing. */
final class ArchitectureTests {

    private static final JavaClasses SERVER = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("eu.aval.server");

    private static final Map<String, RuleAndFixture> RULES = Map.ofEntries(
            rule("only carrier sees PF4J", ArchitectureRules.ONLY_CARRIER_SEES_PF4J, Fixtures.SeesPf4j.class),
            rule("only encryption sees Tink", ArchitectureRules.ONLY_ENCRYPTION_SEES_TINK, Fixtures.SeesTink.class),
            rule("only stores see R2DBC", ArchitectureRules.ONLY_STORES_SEE_R2DBC, Fixtures.SeesR2dbc.class),
            rule(
                    "only transactions take connections",
                    ArchitectureRules.ONLY_TRANSACTIONS_TAKE_CONNECTIONS,
                    Fixtures.SeesR2dbc.class),
            rule("nobody sees JDBC", ArchitectureRules.NOBODY_SEES_JDBC, Fixtures.SeesJdbc.class),
            rule("nothing blocks", ArchitectureRules.NOTHING_BLOCKS, Fixtures.Blocks.class),
            rule("nothing sleeps", ArchitectureRules.NOTHING_BLOCKS, Fixtures.Sleeps.class),
            rule("nothing waits", ArchitectureRules.NOTHING_BLOCKS, Fixtures.Waits.class),
            rule(
                    "lower case names its locale",
                    ArchitectureRules.LOWER_CASE_NAMES_ITS_LOCALE,
                    Fixtures.LowersCase.class),
            rule(
                    "plaintext is opened by few",
                    ArchitectureRules.PLAINTEXT_IS_OPENED_BY_FEW,
                    Fixtures.OpensPlaintext.class),
            rule(
                    "endpoints are package-private",
                    ArchitectureRules.ENDPOINTS_ARE_PACKAGE_PRIVATE,
                    eu.aval.server.architecture.fixture.rest.PublicEndpoint.class),
            rule(
                    "names are domain words",
                    ArchitectureRules.NAMES_ARE_DOMAIN_WORDS,
                    eu.aval.server.architecture.fixture.NamedImpl.class),
            rule("nobody prints", ArchitectureRules.NOBODY_PRINTS, Fixtures.Prints.class),
            rule(
                    "packages are null-marked",
                    ArchitectureRules.PACKAGES_ARE_NULL_MARKED,
                    eu.aval.server.architecture.fixture.rest.PublicEndpoint.class),
            rule(
                    "transactions are programmatic",
                    ArchitectureRules.TRANSACTIONS_ARE_PROGRAMMATIC,
                    Fixtures.AnnotatesTransaction.class));

    private record RuleAndFixture(ArchRule rule, Class<?> fixture) {}

    private static Map.Entry<String, RuleAndFixture> rule(String name, ArchRule rule, Class<?> fixture) {
        return Map.entry(name, new RuleAndFixture(rule, fixture));
    }

    static Stream<Arguments> rules() {
        return RULES.entrySet().stream()
                .map(entry -> Arguments.of(
                        entry.getKey(),
                        entry.getValue().rule(),
                        entry.getValue().fixture()));
    }

    @Test
    void importsTheServer() {
        assertThat(SERVER.contain("eu.aval.server.Platform")).isTrue();
        assertThat(SERVER.size()).isGreaterThan(20);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void holdsForTheServer(String name, ArchRule rule, Class<?> fixture) {
        rule.check(SERVER);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void failsForItsFixture(String name, ArchRule rule, Class<?> fixture) {
        JavaClasses broken = new ClassFileImporter().importClasses(fixture);

        assertThat(rule.evaluate(broken).hasViolation()).isTrue();
    }
}
