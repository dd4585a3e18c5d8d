// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.routing.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.SendingSetup;
import eu.aval.server.StatementLog;
import eu.aval.server.access.Operator.Role;
import eu.aval.server.shared.TenantId;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.graphql.ResponseError;
import org.springframework.graphql.test.tester.HttpGraphQlTester;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

@PlatformTest
final class RouteIntegrationTests {

    private static final String CREATE =
            "mutation($input: CreateRouteInput!) { createRoute(input: $input) { id tenantId"
                    + " account { id name } priority country prefix messageClass enabled } }";
    private static final String UPDATE =
            "mutation($t: UUID!, $id: UUID!, $a: UUID!, $v: Int) { updateRoute(input: {tenantId: $t, id: $id,"
                    + " accountId: $a, priority: 7, enabled: true, version: $v}) { version } }";
    private static final String DELETE =
            "mutation($t: UUID!, $id: UUID!, $v: Int) { deleteRoute(tenantId: $t, id: $id, version: $v) { id } }";
    private static final String LIST =
            "query($t: UUID!) { tenant(id: $t) { routes { id priority country prefix messageClass"
                    + " enabled account { name enabled running { breaker } } } } }";

    @Autowired
    private RestSetup rest;

    @Autowired
    private SendingSetup sending;

    @Autowired
    private FreshDatabase database;

    private TenantId tenant;
    private UUID account;
    private HttpGraphQlTester admin;

    @BeforeEach
    void administer() {
        tenant = rest.tenant();
        account = sending.simulator();
        admin = rest.graphQl(rest.token(Role.ADMIN));
    }

    @Test
    void createsListsUpdatesAndDeletes() {
        UUID id = create(Map.of("tenantId", tenant.value(), "accountId", account, "prefix", "+336", "country", "FR"));
        create(Map.of("tenantId", tenant.value(), "accountId", account, "messageClass", "OTP", "priority", 1));

        admin.document(LIST)
                .variable("t", tenant.value())
                .execute()
                .path("tenant.routes[*].priority")
                .entityList(Integer.class)
                .containsExactly(1, 100)
                .path("tenant.routes[1].prefix")
                .entity(String.class)
                .isEqualTo("+336");
        admin.document("""
                        mutation($t: UUID!, $id: UUID!, $a: UUID!) {
                          updateRoute(input: {tenantId: $t, id: $id, accountId: $a, priority: 0, enabled: false}) { prefix enabled }
                          deleteRoute(tenantId: $t, id: $id) { id }
                        }
                        """)
                .variable("t", tenant.value())
                .variable("id", id)
                .variable("a", account)
                .execute()
                .path("updateRoute.prefix")
                .valueIsNull()
                .path("deleteRoute.id")
                .entity(UUID.class)
                .isEqualTo(id);

        assertThat(database.query("select action from aval.audit_event where object = ? order by id", "route:" + id))
                .extracting(event -> event.get("action"))
                .containsExactly("route.created", "route.updated", "route.deleted");
    }

    @Test
    void neitherUpdatesNorDeletesWhatSomebodyElseChangedMeanwhile() {
        UUID id = create(Map.of("tenantId", tenant.value(), "accountId", account));
        assertThat(version(id)).isEqualTo(1);
        assertThat(codes(UPDATE, id, 1)).isEmpty();
        assertThat(version(id)).isEqualTo(2);

        assertThat(codes(UPDATE, id, 1)).containsExactly("CONFLICT");
        assertThat(codes(DELETE, id, 1)).containsExactly("CONFLICT");
        assertThat(version(id)).isEqualTo(2);
        assertThat(database.query("select action from aval.audit_event where object = ? order by id", "route:" + id))
                .extracting(event -> event.get("action"))
                .containsExactly("route.created", "route.updated");

        assertThat(codes(UPDATE, id, null)).isEmpty();
        assertThat(codes(DELETE, id, 3)).isEmpty();
        assertThat(codes(UPDATE, id, 3)).containsExactly("NOT_FOUND");
        assertThat(codes(DELETE, id, 3)).containsExactly("NOT_FOUND");
    }

    @Test
    void letsOneOfThoseThatChangeTheSameVersionAtOnce() {
        UUID id = create(Map.of("tenantId", tenant.value(), "accountId", account));

        List<Optional<String>> ended = Flux.range(0, 6)
                .flatMap(each -> Mono.fromCallable(
                                () -> codes(UPDATE, id, 1).stream().findFirst())
                        .subscribeOn(Schedulers.boundedElastic()))
                .collectList()
                .block(Duration.ofSeconds(30));

        assertThat(ended).filteredOn(Optional::isEmpty).hasSize(1);
        assertThat(ended).filteredOn(Optional::isPresent).hasSize(5).containsOnly(Optional.of("CONFLICT"));
        assertThat(version(id)).isEqualTo(2);
    }

    @Test
    void tellsAllThatIsWrong() {
        ResponseError error = error(
                admin,
                Map.of(
                        "tenantId",
                        tenant.value(),
                        "accountId",
                        account,
                        "priority",
                        -1,
                        "country",
                        "France",
                        "prefix",
                        "0633"));

        assertThat(String.valueOf(error.getExtensions().get("errors")))
                .contains("/priority", "/country", "/prefix")
                .doesNotContain("0633");
    }

    @Test
    void refusesACountryThatIsNone() {
        ResponseError error = error(admin, Map.of("tenantId", tenant.value(), "accountId", account, "country", "XX"));

        assertThat(String.valueOf(error.getExtensions().get("errors"))).contains("/country");
    }

    @Test
    void refusesAnAccountThatIsNotThere() {
        ResponseError error = error(admin, Map.of("tenantId", tenant.value(), "accountId", UUID.randomUUID()));

        assertThat(error.getExtensions().toString()).contains("INVALID_REQUEST", "/accountId");
    }

    @Test
    void looksAtTheTenantFirst() {
        HttpGraphQlTester others = rest.graphQl(rest.token(Role.ADMIN, rest.tenant()));
        UUID id = create(Map.of("tenantId", tenant.value(), "accountId", account));

        Map<String, Object> bad = Map.of("tenantId", tenant.value(), "accountId", account, "priority", -1);
        assertThat(error(others, bad).getExtensions()).containsEntry("code", "NOT_FOUND");
        assertThat(others.document("mutation($t: UUID!, $id: UUID!) { deleteRoute(tenantId: $t, id: $id) { id } }")
                        .variable("t", tenant.value())
                        .variable("id", id)
                        .execute()
                        .returnResponse()
                        .getErrors())
                .extracting(each -> each.getExtensions().get("code"))
                .containsExactly("NOT_FOUND");
        assertThat(error(admin, Map.of("tenantId", UUID.randomUUID(), "accountId", account))
                        .getExtensions())
                .containsEntry("code", "NOT_FOUND");
        assertThat(database.number("select count(*) from aval.route where tenant_id = ?", tenant.value()))
                .isEqualTo(1);
    }

    @Test
    void letsAnAdministratorOfTheTenantRouteWithoutSeeingThePlatform() {
        HttpGraphQlTester theirs = rest.graphQl(rest.token(Role.ADMIN, tenant));
        theirs.document(CREATE)
                .variable("input", Map.of("tenantId", tenant.value(), "accountId", account))
                .execute()
                .path("createRoute.account.id")
                .entity(UUID.class)
                .isEqualTo(account);

        assertThat(theirs.document(
                                "query($t: UUID!) { tenant(id: $t) { routes { account { name settings { value } } } } }")
                        .variable("t", tenant.value())
                        .execute()
                        .returnResponse()
                        .getErrors())
                .extracting(each -> each.getExtensions().get("code"))
                .containsExactly("FORBIDDEN");
    }

    @Test
    void readsTheRoutesOfAllTenantsAtOnce() {
        for (int i = 0; i < 4; i++) {
            create(Map.of("tenantId", rest.tenant().value(), "accountId", account));
        }

        try (StatementLog log = new StatementLog()) {
            admin.document("{ tenants { routes { id account { name } } } }")
                    .execute()
                    .path("tenants[*].routes[*].id")
                    .entityList(UUID.class)
                    .satisfies(found -> assertThat(found).hasSizeGreaterThanOrEqualTo(4));

            assertThat(log.with("from aval.route where tenant_id = any")).hasSize(1);
        }
    }

    /** All that is nested in a tenant, whichever feature it is of. */
    @Test
    void readsWhatIsNestedInTenantsInAsManyStatementsForAnyNumberOfThem() throws InterruptedException {
        String query =
                "{ tenants { id purposes { key } senders { value } apiKeys { prefix } routes { account { name } }"
                        + " webhookEndpoints { keys { id } } eventExclusions { fields } } }";
        HttpGraphQlTester dpo = rest.graphQl(rest.token(Role.DPO));
        dpo.document(query).execute().path("tenants").hasValue();

        long start = System.nanoTime();
        Set<String> repeated = repeated(dpo, query);
        repeated.retainAll(repeated(dpo, query));
        repeated.retainAll(repeated(dpo, query));
        repeated.removeAll(byItself(Duration.ofNanos(System.nanoTime() - start)));

        assertThat(repeated).isEmpty();
    }

    /** What the server reads though nobody asks, while as much time passes again. */
    private static Set<String> byItself(Duration time) throws InterruptedException {
        try (StatementLog log = new StatementLog()) {
            Thread.sleep(time.plusMillis(1_500));
            return Set.copyOf(reads(log));
        }
    }

    private static List<String> reads(StatementLog log) {
        return log.with("from aval.").stream()
                .map(statement -> statement.substring(statement.indexOf("from aval.")))
                .toList();
    }

    /** Statements that one answer about tenants, some of them new to the server, takes more than once. */
    private Set<String> repeated(HttpGraphQlTester operator, String query) {
        for (int i = 0; i < 3; i++) {
            rest.key(sending.tenant());
        }
        try (StatementLog log = new StatementLog()) {
            operator.document(query)
                    .execute()
                    .path("tenants[*].senders[*].value")
                    .hasValue();
            List<String> read = reads(log);
            assertThat(read).anyMatch(each -> each.startsWith("from aval.route"));
            return read.stream()
                    .filter(each -> Collections.frequency(read, each) > 1)
                    .collect(Collectors.toSet());
        }
    }

    private int version(UUID id) {
        return admin.document("query($t: UUID!) { tenant(id: $t) { routes { id version } } }")
                .variable("t", tenant.value())
                .execute()
                .path("tenant.routes[?(@.id == '" + id + "')].version")
                .entityList(Integer.class)
                .hasSize(1)
                .get()
                .getFirst();
    }

    /** With which errors a change of that version ends. */
    private List<String> codes(String change, UUID id, @Nullable Integer version) {
        return admin
                .document(change)
                .variable("t", tenant.value())
                .variable("id", id)
                .variable("a", account)
                .variable("v", version)
                .execute()
                .returnResponse()
                .getErrors()
                .stream()
                .map(error -> String.valueOf(error.getExtensions().get("code")))
                .toList();
    }

    private UUID create(Map<String, Object> input) {
        return admin.document(CREATE)
                .variable("input", input)
                .execute()
                .path("createRoute.id")
                .entity(UUID.class)
                .get();
    }

    private static ResponseError error(HttpGraphQlTester operator, Map<String, Object> input) {
        List<ResponseError> errors = operator.document(CREATE)
                .variable("input", input)
                .execute()
                .returnResponse()
                .getErrors();
        assertThat(errors).hasSize(1);
        return errors.getFirst();
    }
}
