// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PostgresSetup;
import eu.aval.server.shared.TenantId;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** A tenant sees its own rows, whatever a query asks for. */
final class RowLevelSecurityIntegrationTests {

    private static final FreshDatabase database = PostgresSetup.freshDatabase();
    private static final TenantId OURS = new TenantId(UUID.randomUUID());
    private static final TenantId THEIRS = new TenantId(UUID.randomUUID());

    @BeforeAll
    static void fill() {
        for (TenantId tenant : new TenantId[] {OURS, THEIRS}) {
            database.execute(
                    "insert into aval.tenant (id, key, name) values (?, ?, 'Somebody')",
                    tenant.value(),
                    "t" + tenant.value().toString().substring(0, 8));
            database.execute(
                    "insert into aval.purpose (id, tenant_id, key, message_class, legal_basis, retention_class)"
                            + " values (?, ?, 'otp', 'OTP', 'CONTRACT', 'MESSAGE')",
                    UUID.randomUUID(),
                    tenant.value());
        }
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void showsATenantItsOwnRowsOnly() {
        StepVerifier.create(database.tenantDatabase().in(OURS, client -> tenants(client, "aval.purpose")))
                .expectNext(OURS.toString())
                .verifyComplete();
        StepVerifier.create(database.tenantDatabase().in(OURS, client -> count(client, "aval.tenant")))
                .expectNext(1L)
                .verifyComplete();
    }

    @Test
    void showsNothingWithoutATenant() {
        StepVerifier.create(count(database.appClient(), "aval.purpose"))
                .expectNext(0L)
                .verifyComplete();
        StepVerifier.create(count(database.appClient(), "aval.tenant"))
                .expectNext(0L)
                .verifyComplete();
    }

    @Test
    void forgetsTheTenantWithItsTransaction() {
        StepVerifier.create(database.tenantDatabase()
                        .in(OURS, client -> count(client, "aval.purpose"))
                        .repeat(20)
                        .then(count(database.appClient(), "aval.purpose")))
                .expectNext(0L)
                .verifyComplete();
    }

    @Test
    void letsNobodyWriteForAnotherTenant() {
        StepVerifier.create(database.tenantDatabase()
                        .in(
                                OURS,
                                client ->
                                        client.sql("""
                                        insert into aval.idempotency
                                          (tenant_id, api_key_id, operation, key_hash, fingerprint, message_id, expires_at)
                                        values ($1, $1, 'send', '', '', $1, now())""").bind(0, THEIRS.value()).then()))
                .verifyErrorSatisfies(
                        refused -> assertThat(refused).rootCause().hasMessageContaining("row-level security"));
    }

    @Test
    void showsThePlatformEveryTenant() {
        StepVerifier.create(database.platformDatabase().in(client -> count(client, "aval.purpose")))
                .expectNext(2L)
                .verifyComplete();
    }

    @Test
    void isForcedOnEveryTableWithATenantPartitionsIncluded() {
        assertThat(database.number("select count(*) from pg_class where relkind in ('r', 'p')"
                        + " and relnamespace in ('aval'::regnamespace, 'aval_keys'::regnamespace)"))
                .as("tables looked at")
                .isGreaterThan(30);
        assertThat(database.query("""
                        select c.oid::regclass::text as relation from pg_class c
                        join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
                        where c.relkind in ('r', 'p')
                          and c.relnamespace in ('aval'::regnamespace, 'aval_keys'::regnamespace)
                          and not (c.relrowsecurity and c.relforcerowsecurity)""")).isEmpty();
        assertThat(database.query("""
                        select c.oid::regclass::text as relation from pg_class c
                        join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
                        where c.relkind in ('r', 'p') and not c.relispartition
                          and c.relnamespace in ('aval'::regnamespace, 'aval_keys'::regnamespace)
                          and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'tenant')""")).isEmpty();
    }

    @Test
    void readsTheTenantOnceForAStatementAndNotForEachRow() {
        String once = "( SELECT aval.current_tenant() AS current_tenant)";
        assertThat(database.query("select qual, with_check from pg_policies where policyname = 'tenant'"))
                .hasSizeGreaterThan(30)
                .allSatisfy(policy -> assertThat(String.valueOf(policy.get("qual")))
                        .isIn("(tenant_id = " + once + ")", "(id = " + once + ")"))
                .allSatisfy(policy -> assertThat(policy.get("with_check")).isIn(null, policy.get("qual")));
    }

    @Test
    void holdsNoRoleThatCanStepAroundIt() {
        assertThat(database.query("select rolname from pg_roles where rolname in"
                        + " ('aval_app', 'aval_platform', 'aval_eraser', 'aval_auditor')"
                        + " and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)"))
                .isEmpty();
    }

    @Test
    void hidesPartitionsFromTheAppRole() {
        StepVerifier.create(database.tenantDatabase()
                        .in(
                                OURS,
                                client -> client.sql(
                                                "select has_table_privilege(c.oid, 'select') as may"
                                                        + " from pg_class c where relispartition and relkind = 'r' order by 1 desc limit 1")
                                        .map(row -> row.get("may", Boolean.class))
                                        .one()))
                .expectNext(false)
                .verifyComplete();
    }

    private static Mono<Long> count(DatabaseClient client, String table) {
        return client.sql("select count(*) as number from " + table)
                .map(row -> row.get("number", Long.class))
                .one();
    }

    private static Mono<String> tenants(DatabaseClient client, String table) {
        return client.sql("select string_agg(tenant_id::text, ',') as tenants from " + table)
                .map(row -> row.get("tenants", String.class))
                .one();
    }
}
