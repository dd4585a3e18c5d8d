// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import eu.aval.server.personaldata.PlaintextAccess;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/** The rules that the compiler and Modulith cannot see. Each says what to do instead. */
final class ArchitectureRules {

    private ArchitectureRules() {}

    /** Who may ask for a PlaintextAccess token. To add a line is a decision about people's data. */
    static final Set<String> MAY_OPEN_PLAINTEXT = Set.of(
            "eu.aval.server.access.graphql.JournalController",
            "eu.aval.server.encryption.TinkTenantKeys",
            "eu.aval.server.contact.NewSubject",
            "eu.aval.server.contact.PhoneNumbers",
            "eu.aval.server.contact.store.SubjectHolder",
            "eu.aval.server.inbound.rest.InboundRoutes",
            "eu.aval.server.limit.NumberBlock",
            "eu.aval.server.message.accept.AcceptedBatch",
            "eu.aval.server.message.rest.SendResultWriter",
            "eu.aval.server.routing.StoredRoutes");

    /** Who may block: they run before the first request or after the last. */
    static final Set<String> RUN_AT_START_UP_ONLY =
            Set.of("eu.aval.server.database.Database", "eu.aval.server.shared.AtStart", "eu.aval.server.tenant.Nodes");

    static final ArchRule ONLY_CARRIER_SEES_PF4J = noClasses()
            .that()
            .resideOutsideOfPackage("eu.aval.server.carrier..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.pf4j..")
            .because("the plugin framework is a detail of the carrier host: use eu.aval.server.carrier's public types");

    static final ArchRule ONLY_ENCRYPTION_SEES_TINK = noClasses()
            .that()
            .resideOutsideOfPackage("eu.aval.server.encryption..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.google.crypto.tink..")
            .because("keys stay in one place: use TenantKeys and SubjectKey");

    static final ArchRule ONLY_STORES_SEE_R2DBC = noClasses()
            .that()
            .resideOutsideOfPackages("eu.aval.server.database..", "eu.aval.server.tenant..", "..store..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.r2dbc..", "org.springframework.data.r2dbc..")
                    .or(describe(
                            "Spring R2DBC except the DatabaseClient that a transaction hands over",
                            type -> type.getPackageName().startsWith("org.springframework.r2dbc")
                                    && !type.getSimpleName().equals("DatabaseClient"))))
            .because("SQL lives in the .store package of its feature");

    static final ArchRule ONLY_TRANSACTIONS_TAKE_CONNECTIONS = noClasses()
            .that()
            .resideOutsideOfPackages("eu.aval.server.database..", "eu.aval.server.tenant..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.r2dbc.pool..")
                    .or(assignableTo(Connection.class))
                    .or(assignableTo(ConnectionFactory.class)))
            .because(
                    "a connection that is given back in the middle of a transaction loses the rows of whoever has it next: "
                            + "use TenantDatabase or PlatformDatabase");

    static final ArchRule NOBODY_SEES_JDBC = noClasses()
            .that()
            .resideOutsideOfPackage("eu.aval.server.database..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..", "org.springframework.jdbc..")
            .because("the core does not block; only the migration at start-up speaks JDBC");

    static final ArchRule NOTHING_BLOCKS = noClasses()
            .that(doNotRunAtStartUpOnly())
            .should()
            .callMethodWhere(calls("reactor\\.core\\.publisher\\.(Mono|Flux)", "block.*|toStream|toIterable")
                    .or(calls("java\\.lang\\.Thread", "sleep"))
                    .or(calls(
                            "java\\.util\\.concurrent\\.(Future|CompletableFuture|CountDownLatch)", "get|join|await")))
            .because("a blocked event loop stops everybody: compose, or move it to start-up and name the class here");

    static final ArchRule LOWER_CASE_NAMES_ITS_LOCALE = noClasses()
            .should()
            .callMethod(String.class, "toLowerCase")
            .orShould()
            .callMethod(String.class, "toUpperCase")
            .because("a Turkish server writes I differently: pass Locale.ROOT");

    static final ArchRule PLAINTEXT_IS_OPENED_BY_FEW = noClasses()
            .that(describe(
                    "are not on the list of those that may open plaintext",
                    type -> !MAY_OPEN_PLAINTEXT.contains(outermost(type).getName())))
            .should()
            .callMethodWhere(calls(PlaintextAccess.class.getName().replace(".", "\\."), "for.*"))
            .because("plaintext leaves the sealed types only where a reviewer has agreed: ask for masked() instead");

    static final ArchRule ENDPOINTS_ARE_PACKAGE_PRIVATE = classes()
            .that()
            .resideInAnyPackage("eu.aval.server..rest", "eu.aval.server..graphql")
            .and()
            .areTopLevelClasses()
            .should()
            .notBePublic()
            .because("a feature is called through its root package, not through its transport")
            .allowEmptyShould(true);

    static final ArchRule NAMES_ARE_DOMAIN_WORDS = noClasses()
            .should()
            .haveNameMatching(".*(Impl|Utils?|Helper|Manager|DTO|Dto|Service|ServiceImpl)$")
            .because("the name says what it is in the words of the domain");

    static final ArchRule NOBODY_PRINTS = noClasses()
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .because("logs are structured and scanned for personal data: use SLF4J");

    static final ArchRule PACKAGES_ARE_NULL_MARKED = classes()
            .should(resideInANullMarkedPackage())
            .because("null is a compile error here: add a package-info.java with one sentence and @NullMarked");

    static final ArchRule TRANSACTIONS_ARE_PROGRAMMATIC = methods()
            .should()
            .notBeAnnotatedWith("org.springframework.transaction.annotation.Transactional")
            .because("a transaction names its tenant: use TenantDatabase or PlatformDatabase");

    private static DescribedPredicate<JavaCall<?>> calls(String owner, String method) {
        return describe(
                "a call of " + owner + "." + method,
                call -> call.getTargetOwner().getName().matches(owner)
                        && call.getName().matches(method));
    }

    private static DescribedPredicate<JavaClass> doNotRunAtStartUpOnly() {
        return describe(
                "do not run at start-up only",
                type -> !RUN_AT_START_UP_ONLY.contains(outermost(type).getName()));
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureRules::outermost).orElse(type);
    }

    private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
        return new ArchCondition<>("reside in a package that is @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                if (!marked) {
                    events.add(SimpleConditionEvent.violated(type, type.getPackageName() + " is not @NullMarked"));
                }
            }
        };
    }
}
