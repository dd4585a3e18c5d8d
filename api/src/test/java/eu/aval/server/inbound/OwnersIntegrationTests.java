// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.SendingSetup;
import eu.aval.server.audit.Actor;
import eu.aval.server.carrier.CarrierEvents;
import eu.aval.server.routing.RouteAdministration;
import eu.aval.server.routing.RouteDraft;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.spi.event.CarrierEvent.Inbound;
import eu.aval.spi.event.CarrierEvent.OptChange;
import eu.aval.spi.text.Address;
import eu.aval.spi.text.Text;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Replies to a number that nobody has declared: who is asked whether they wrote to the person, and at what price. */
@PlatformTest
final class OwnersIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PERSON = "+33639980000";
    private static final String STRANGER = "+33639980077";
    private static final String KEY_LOCK = "hashtextextended('aval.keyset:' || $1, 0)";

    @Autowired
    private RestSetup rest;

    @Autowired
    private SendingSetup sending;

    @Autowired
    private FreshDatabase database;

    @Autowired
    private CarrierEvents carriers;

    @Autowired
    private RouteAdministration routes;

    private TenantId tenant;
    private UUID account;

    @BeforeEach
    void send() {
        tenant = sending.tenant();
        account = routes.list(tenant).block(PATIENCE).getFirst().route().accountId();
    }

    @Test
    void asksNobodyWhoNeverHadARouteToTheAccount() {
        TenantId unconcerned = rest.tenant();

        receive(STRANGER);

        assertThat(keysets(unconcerned)).isZero();
        assertThat(received(tenant)).isOne();
    }

    @Test
    void asksWhoHadARouteToTheAccount() {
        TenantId before = former();

        receive(STRANGER);

        assertThat(keysets(before)).isPositive();
        assertThat(received(tenant)).isOne();
    }

    @Test
    void goesToWhoWroteThoughTheKeysOfAnotherDoNotOpen() {
        sending.deliver(tenant, PERSON, 1);
        share();
        leave(tenant);
        breakKeys(former());

        receive(PERSON);

        assertThat(received(tenant)).isOne();
    }

    @Test
    void goesToTheOnlyTenantOfTheAccountThoughTheKeysOfAFormerOneDoNotOpen() {
        breakKeys(former());

        receive(STRANGER);

        assertThat(received(tenant)).isOne();
    }

    @Test
    void staysWithTheCarrierWhileItMayBeForOneWhoseKeysDoNotOpen() {
        sending.deliver(tenant, PERSON, 1);
        TenantId broken = former();
        breakKeys(broken);
        write(broken, "SUBMITTED", Instant.now());

        assertThatThrownBy(() -> receive(PERSON)).hasMessageContaining("keys do not open");
        assertThatThrownBy(() -> receive(STRANGER)).hasMessageContaining("keys do not open");

        assertThat(received(tenant)).isZero();
        mendKeys();
        receive(PERSON);
        assertThat(keysets(broken)).isPositive();
        assertThat(received(tenant)).isOne();
    }

    @Test
    void goesToWhoWroteAfterOneWhoseKeysDoNotOpen() {
        TenantId broken = former();
        breakKeys(broken);
        write(broken, "SUBMITTED", Instant.now().minusSeconds(60));
        sending.deliver(tenant, PERSON, 1);

        receive(PERSON);

        assertThat(received(tenant)).isOne();
    }

    @Test
    void goesToWhoWroteLastThoughTheyHaveLeft() {
        sending.deliver(tenant, PERSON, 1);
        TenantId left = sending.tenant(account);
        sending.deliver(left, PERSON, 1);
        leave(left);

        receive(PERSON);

        assertThat(received(left)).isOne();
        assertThat(received(tenant)).isZero();
    }

    @Test
    void goesToWhoseMessageThePersonHasGot() {
        TenantId other = sending.tenant(account);
        sending.deliver(tenant, PERSON, 1);
        sending.deliver(other, PERSON, 1);
        database.execute("update aval.message set status = 'UNDELIVERED' where tenant_id = ?", other.value());

        receive(PERSON);

        assertThat(received(tenant)).isOne();
        database.execute("update aval.message set status = 'UNDELIVERED' where tenant_id = ?", tenant.value());
        receive(PERSON);
        assertThat(received(other)).isOne();
    }

    @Test
    void goesToWhoseMessageLeftLastThoughItWasAcceptedBefore() {
        TenantId other = sending.tenant(account);
        sending.deliver(tenant, PERSON, 1);
        sending.deliver(other, PERSON, 1);
        database.execute("update aval.attempt set started_at = now() where tenant_id = ?", tenant.value());

        receive(PERSON);

        assertThat(received(tenant)).isOne();
    }

    @Test
    void takesAnOptOutForEverybodyWhoseKeysOpen() {
        TenantId broken = rest.tenant();
        routes.create(broken, RouteDraft.everythingTo(account), Actor.SYSTEM).block(PATIENCE);
        breakKeys(broken);
        // Before and after it in the order of the ids
        TenantId later = sending.tenant(account);
        sending.deliver(tenant, PERSON, 1);
        sending.deliver(later, PERSON, 1);

        assertThatThrownBy(
                        () -> carriers.accept(account, new OptChange(Address.e164(PERSON), null, true, Instant.now()))
                                .block(PATIENCE))
                .isInstanceOf(RuntimeException.class);

        for (TenantId each : List.of(tenant, later)) {
            assertThat(database.number("select count(*) from aval.suppression where tenant_id = ?", each.value()))
                    .isPositive();
        }
    }

    /** That it has written to somebody; nobody can tell to whom. */
    private void write(TenantId who, String status, Instant at) {
        UUID message = TimeOrderedId.next();
        UUID purpose = TimeOrderedId.next();
        OffsetDateTime time = at.atOffset(ZoneOffset.UTC);
        database.execute(
                "insert into aval.purpose (id, tenant_id, key, message_class, legal_basis, retention_class)"
                        + " values (?, ?, 'service', 'SERVICE', 'CONTRACT', 'MESSAGE')",
                purpose,
                who.value());
        database.execute(
                """
                insert into aval.message (id, tenant_id, subject_id, api_key_id, purpose_id, message_class, sender, country,
                  encoding, parts, verdict, status, status_at, expires_at, accepted_at, carrier_account_id)
                values (?, ?, ?, ?, ?, 'SERVICE', 'AVAL', 'FR', 'gsm7', 1, '{}', ?, ?, ?, ?, ?)""",
                message,
                who.value(),
                UUID.randomUUID(),
                UUID.randomUUID(),
                purpose,
                status,
                time,
                time.plusDays(2),
                time,
                account);
        database.execute(
                "insert into aval.attempt (message_id, number, tenant_id, carrier_account_id, node_id, started_at)"
                        + " values (?, 1, ?, ?, ?, ?)",
                message,
                who.value(),
                account,
                UUID.randomUUID(),
                time);
    }

    @Test
    void looksForTwoAtATimeHoweverManyWrite() {
        TenantId before = former();
        Connection other =
                database.platformPool().create().blockOptional(PATIENCE).orElseThrow();
        lock(other, "select pg_advisory_lock(" + KEY_LOCK + ")", before);

        Mono<Void> received = Flux.range(10, 30)
                .flatMap(i -> carriers.accept(account, inbound("+336399800" + i)), 30)
                .then()
                .cache();
        received.subscribe();
        await().atMost(PATIENCE).until(() -> waiting() >= 2);
        long end = System.nanoTime() + Duration.ofMillis(1_500).toNanos();
        long most = 0;
        while (System.nanoTime() < end) {
            most = Math.max(most, waiting());
        }
        lock(other, "select pg_advisory_unlock(" + KEY_LOCK + ")", before);
        Mono.from(other.close()).block(PATIENCE);

        assertThat(most).isEqualTo(2);
        received.block(PATIENCE);
        assertThat(received(tenant)).isEqualTo(30);
    }

    private long waiting() {
        return database.number("select count(*) from pg_locks where locktype = 'advisory' and not granted"
                + " and database = (select oid from pg_database where datname = current_database())");
    }

    private static void lock(Connection connection, String sql, TenantId tenant) {
        Flux.from(connection.createStatement(sql).bind(0, tenant.toString()).execute())
                .flatMap(result -> result.map(row -> true))
                .blockLast(PATIENCE);
    }

    /** A tenant that has left the account. */
    private TenantId former() {
        TenantId before = rest.tenant();
        routes.create(before, RouteDraft.everythingTo(account), Actor.SYSTEM).block(PATIENCE);
        leave(before);
        return before;
    }

    private void leave(TenantId who) {
        routes.list(who)
                .block(PATIENCE)
                .forEach(each ->
                        routes.delete(who, each.id(), null, Actor.SYSTEM).block(PATIENCE));
    }

    /** The account has two tenants from now on, so that neither is meant by everything. */
    private void share() {
        routes.create(sending.tenant(), RouteDraft.everythingTo(account), Actor.SYSTEM)
                .block(PATIENCE);
    }

    private void breakKeys(TenantId of) {
        assertThat(keysets(of)).isZero();
        database.execute(
                "insert into aval.keyset (tenant_id, kind, wrapped, kek)"
                        + " select ?, kind, '\\x00', 'none' from unnest(array['AEAD', 'PRF']) as kind",
                of.value());
    }

    @AfterEach
    void mendKeys() {
        database.execute("delete from aval.keyset where kek = 'none'");
    }

    private long keysets(TenantId of) {
        return database.number("select count(*) from aval.keyset where tenant_id = ?", of.value());
    }

    private long received(TenantId by) {
        return database.number("select count(*) from aval.inbound_message where tenant_id = ?", by.value());
    }

    private void receive(String from) {
        carriers.accept(account, inbound(from)).block(PATIENCE);
    }

    private static Inbound inbound(String from) {
        return new Inbound(
                UUID.randomUUID().toString(),
                Address.e164(from),
                Address.of(Address.Kind.SHORT_CODE, "38999"),
                Text.of("Bonjour"),
                Instant.now(),
                true);
    }
}
