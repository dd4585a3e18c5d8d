// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.SendingSetup;
import eu.aval.server.access.Application;
import eu.aval.server.carrier.CarrierEvents;
import eu.aval.server.message.accept.Acceptance;
import eu.aval.server.message.accept.Reception;
import eu.aval.server.message.accept.SendRequest;
import eu.aval.server.personaldata.PersonalDataHolder;
import eu.aval.server.routing.RouteAdministration;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.spi.event.CarrierEvent.Inbound;
import eu.aval.spi.text.Address;
import eu.aval.spi.text.Text;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Somebody is erased while others are at work for the same person: nothing of them may stay behind. */
@PlatformTest
final class ErasureIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PERSON = "+33639981234";

    @Autowired
    private FreshDatabase database;

    @Autowired
    private SendingSetup sending;

    @Autowired
    private Reception reception;

    @Autowired
    private CarrierEvents carriers;

    @Autowired
    private RouteAdministration routes;

    @Autowired
    private List<PersonalDataHolder> holders;

    private TenantId tenant;
    private UUID person;

    @BeforeEach
    void writeToSomebody() {
        tenant = sending.tenant();
        sending.deliver(tenant, PERSON, 1);
        person = subjects().getFirst();
    }

    @Test
    void takesWhatIsAcceptedMeanwhileAlong() {
        eraseDuring(accept(), "aval.dispatch", () -> pause(500));

        assertThat(messages()).isEqualTo(2);
        assertThat(database.number("""
                        select count(*) from aval.message where tenant_id = ? and (text_sealed is not null
                          or reference_sealed is not null or reference_index is not null or recipient_region is not null
                          or zones is not null)""", tenant.value())).isZero();
    }

    @Test
    void takesWhatSomebodyWritesMeanwhileAlong() {
        // It finds the lock free after the writer has ended, or waits for the writer
        eraseDuring(reply(), "aval.inbound_message", () -> pause(500));

        assertThat(database.number("select count(*) from aval.inbound_message where tenant_id = ?", tenant.value()))
                .isZero();
    }

    @Test
    void makesANewPersonOfWhoIsWrittenToFromThenOn() {
        erase().block(PATIENCE);

        accept().block(PATIENCE);

        assertThat(subjects()).hasSize(2);
        assertThat(database.number(
                        "select count(*) from aval.message where tenant_id = ? and subject_id <> ?"
                                + " and text_sealed is not null",
                        tenant.value(),
                        person))
                .isOne();
    }

    @Test
    void holdsUpNobodyWhoComesLater() {
        eraseDuring(accept(), "aval.dispatch", () -> {
            sending.tenant();
            await().atMost(PATIENCE)
                    .until(() -> database.number(
                                    "select count(*) from aval.subject where id = ? and erased_at is null", person)
                            == 0);
            assertThat(subjects()).hasSize(1);
            reply().block(PATIENCE);
        });

        assertThat(subjects()).hasSize(2);
        assertThat(database.number(
                        "select count(*) from aval.inbound_message where tenant_id = ? and subject_id <> ?",
                        tenant.value(),
                        person))
                .isOne();
    }

    /** Begins when the work waits for the table, which it gets when what is done meanwhile has ended. */
    private void eraseDuring(Mono<Void> work, String table, Runnable meanwhile) {
        Mono<Void> erasing = erase();
        try (Held held = new Held(table)) {
            work.subscribe();
            held.awaitSomebody();
            erasing.subscribe();
            meanwhile.run();
        }
        work.block(PATIENCE);
        erasing.block(PATIENCE);
    }

    private Mono<Void> reply() {
        UUID account = routes.list(tenant).block(PATIENCE).getFirst().route().accountId();
        return carriers.accept(
                        account,
                        new Inbound(
                                "in-" + TimeOrderedId.next(),
                                Address.e164(PERSON),
                                Address.of(Address.Kind.ALPHANUMERIC, "AVAL"),
                                Text.of("Bonjour"),
                                Instant.now(),
                                true))
                .cache();
    }

    private Mono<Void> accept() {
        SendRequest request = new SendRequest(
                PERSON,
                "Bonjour",
                "service",
                null,
                null,
                "order 7",
                Instant.now().plusSeconds(3_600).toString(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of());
        Application application = new Application(
                TimeOrderedId.next(),
                tenant,
                Application.Kind.LIVE,
                Set.of(Application.Scope.values()),
                null,
                null,
                1_000_000);
        return reception
                .sendAll(application, List.of(new Reception.Item(0, request)), null)
                .doOnNext(answer -> assertThat(answer.toString()).contains(Acceptance.Accepted.class.getSimpleName()))
                .then()
                .cache();
    }

    private Mono<Void> erase() {
        return Flux.fromStream(holders.stream().sorted(Comparator.comparingInt(PersonalDataHolder::order)))
                .concatMap(holder -> holder.erase(tenant, person))
                .then()
                .cache();
    }

    private List<UUID> subjects() {
        return database.query("select id from aval.subject where tenant_id = ? order by id", tenant.value()).stream()
                .map(row -> (UUID) Objects.requireNonNull(row.get("id")))
                .toList();
    }

    private long messages() {
        return database.number("select count(*) from aval.message where tenant_id = ?", tenant.value());
    }

    private static void pause(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A table that is read meanwhile, and not written. */
    private final class Held implements AutoCloseable {

        private final String table;
        private final Connection connection;

        Held(String table) {
            this.table = table;
            this.connection =
                    database.platformPool().create().blockOptional(PATIENCE).orElseThrow();
            Flux.from(connection
                            .createStatement("begin; lock table " + table + " in exclusive mode")
                            .execute())
                    .flatMap(result -> result.getRowsUpdated())
                    .blockLast(PATIENCE);
        }

        void awaitSomebody() {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (database.number(
                            "select count(*) from pg_locks l join pg_stat_activity a on a.pid = l.pid where not l.granted"
                                    + " and l.relation = ?::regclass and a.application_name = 'aval-app'",
                            table)
                    == 0) {
                assertThat(System.nanoTime()).isLessThan(end);
                pause(5);
            }
        }

        @Override
        public void close() {
            Flux.from(connection.createStatement("commit").execute())
                    .flatMap(result -> result.getRowsUpdated())
                    .blockLast(PATIENCE);
            Mono.from(connection.close()).block(PATIENCE);
        }
    }
}
