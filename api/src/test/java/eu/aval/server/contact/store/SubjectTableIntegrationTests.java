// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.contact.store;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PostgresSetup;
import eu.aval.server.contact.Age;
import eu.aval.server.contact.AgeBand;
import eu.aval.server.contact.ContactSetup;
import eu.aval.server.contact.Subject;
import eu.aval.server.outbox.OutboxSetup;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.personaldata.PlaintextAccess;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.KeyedDatabase;
import eu.aval.server.tenant.store.KeysetTableSetup;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

final class SubjectTableIntegrationTests {

    private static final FreshDatabase database = PostgresSetup.freshDatabase();

    @TempDir
    private Path directory;

    private final SubjectTable subjects = new SubjectTable();
    private ContactSetup setup;
    private TenantId tenant;
    private KeyedDatabase node;

    @BeforeEach
    void makeATenant() {
        setup = new ContactSetup(database, directory, KeysetTableSetup.on(database.platformDatabase()));
        tenant = setup.tenant();
        node = setup.node();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void findsWhomItMade() {
        PhoneNumber number = number(1);

        StepVerifier.create(create(node, List.of(number)).zipWith(create(node, List.of(number))))
                .assertNext(both -> assertThat(both.getT1().getFirst())
                        .isEqualTo(both.getT2().getFirst()))
                .verifyComplete();
    }

    @Test
    void keepsNoNumberInClear() {
        StepVerifier.create(create(node, List.of(number(1)))).expectNextCount(1).verifyComplete();

        assertThat(database.number(
                        "select count(*) from aval.subject where tenant_id = ? and (position('639980001' in"
                                + " encode(number_sealed, 'escape')) > 0 or position('639980001' in encode(number_index,"
                                + " 'escape')) > 0)",
                        tenant.value()))
                .isZero();
    }

    @Test
    void opensTheNumberById() {
        StepVerifier.create(create(node, List.of(number(7)))
                        .flatMap(ids -> node.in(tenant, (client, keys) -> subjects.byId(client, keys, ids))))
                .assertNext(found -> assertThat(found.values())
                        .singleElement()
                        .satisfies(
                                subject -> assertThat(subject.number().reveal(PlaintextAccess.forDataSubjectExport()))
                                        .isEqualTo("+33639980007")))
                .verifyComplete();
    }

    @Test
    void agreesOnSubjectsThatTwoNodesMakeAtOnce() {
        KeyedDatabase other = setup.node();
        Random random = new Random(42);
        List<PhoneNumber> numbers = new ArrayList<>(IntStream.range(0, 200)
                .mapToObj(SubjectTableIntegrationTests::number)
                .toList());

        StepVerifier.create(Flux.range(0, 40)
                        .map(round -> {
                            List<PhoneNumber> some = new ArrayList<>(numbers);
                            Collections.shuffle(some, random);
                            return some.subList(0, 100);
                        })
                        .flatMap(some -> create(random.nextBoolean() ? node : other, some), 8)
                        .flatMapIterable(ids -> ids)
                        .distinct()
                        .count())
                .expectNext(200L)
                .verifyComplete();
        assertThat(database.number("select count(*) from aval.subject where tenant_id = ?", tenant.value()))
                .isEqualTo(200);
        assertThat(database.number("select count(*) from aval_keys.subject_key where tenant_id = ?", tenant.value()))
                .isEqualTo(200);
    }

    @Test
    void keepsTenantsApart() {
        TenantId other = setup.tenant();

        StepVerifier.create(create(node, List.of(number(1)))
                        .then(node.in(other, (client, keys) -> subjects.find(client, keys, List.of(number(1))))))
                .assertNext(found -> assertThat(found).isEmpty())
                .verifyComplete();
    }

    @Test
    void forgetsTheNumberAndTheKey() {
        SubjectHolder holder = new SubjectHolder(node, database.platformDatabase(), subjects);
        SubjectKeyHolder keys = new SubjectKeyHolder(database.platformDatabase(), subjects);
        OutboxSetup.listen(database, tenant);
        UUID[] id = new UUID[1];
        StepVerifier.create(create(node, List.of(number(1))))
                .consumeNextWith(ids -> id[0] = ids.getFirst())
                .verifyComplete();

        StepVerifier.create(holder.erase(tenant, id[0])).expectNext(1L).verifyComplete();
        StepVerifier.create(holder.erase(tenant, id[0])).expectNext(0L).verifyComplete();
        assertThat(OutboxSetup.told(database, tenant)).isEmpty();
        StepVerifier.create(keys.erase(tenant, id[0])).expectNext(1L).verifyComplete();
        StepVerifier.create(keys.erase(tenant, id[0])).expectNext(0L).verifyComplete();

        assertThat(OutboxSetup.told(database, tenant)).containsExactly("privacy.erased");
        assertThat(database.number("select count(*) from aval_keys.subject_key where subject_id = ?", id[0]))
                .isZero();
        assertThat(database.query("select number_index, number_sealed, country from aval.subject where id = ?", id[0]))
                .singleElement()
                .satisfies(row -> assertThat(row.values()).containsOnlyNulls());
        StepVerifier.create(holder.export(tenant, id[0], PlaintextAccess.forDataSubjectExport()))
                .verifyComplete();
        StepVerifier.create(create(node, List.of(number(1))))
                .assertNext(ids -> assertThat(ids).doesNotContain(id[0]))
                .verifyComplete();
    }

    @Test
    void tellsAndForgetsTheAge() {
        SubjectHolder holder = new SubjectHolder(node, database.platformDatabase(), subjects);
        Age child = Age.UNKNOWN.declared(AgeBand.CHILD, LocalDate.of(2027, 3, 1), LocalDate.of(2026, 11, 26));
        UUID[] id = new UUID[1];
        StepVerifier.create(create(node, List.of(number(1)))
                        .doOnNext(ids -> id[0] = ids.getFirst())
                        .then(node.in(
                                tenant,
                                (client, keys) -> subjects.declareAge(client, id[0], child)
                                        .then(subjects.lockedAge(client, id[0])))))
                .expectNext(child)
                .verifyComplete();

        StepVerifier.create(holder.export(tenant, id[0], PlaintextAccess.forDataSubjectExport()))
                .assertNext(row -> assertThat(row)
                        .containsEntry("ageBand", "CHILD")
                        .containsEntry("ageBandUntil", "2027-03-01")
                        .containsEntry("consentsAloneFrom", "2027-03-01"))
                .verifyComplete();
        StepVerifier.create(holder.erase(tenant, id[0])).expectNext(1L).verifyComplete();

        assertThat(database.query(
                        "select age_band, age_band_until, consents_alone_from from aval.subject where id = ?", id[0]))
                .singleElement()
                .satisfies(row -> assertThat(row.values()).containsOnlyNulls());
    }

    @Test
    void waitsForWhoFoundThePersonBefore() {
        SubjectHolder holder = new SubjectHolder(node, database.platformDatabase(), subjects);
        UUID person = created(number(1));
        Sinks.Empty<Void> end = Sinks.empty();
        Sinks.Empty<Void> looked = Sinks.empty();
        CompletableFuture<UUID> before = node.in(
                        tenant,
                        (client, keys) -> subjects.findOrCreate(client, keys, List.of(number(1)))
                                .doOnNext(found -> looked.tryEmitEmpty())
                                .delayUntil(found -> end.asMono()))
                .map(found -> found.get(number(1)).id())
                .toFuture();
        // What it has found it has found
        looked.asMono().block(Duration.ofSeconds(60));

        CompletableFuture<Long> erased = Mono.from(holder.erase(tenant, person)).toFuture();
        await(() ->
                database.number("select count(*) from aval.subject where id = ? and erased_at is null", person) == 0);

        assertThat(created(number(1))).isNotEqualTo(person);
        assertThat(erased).isNotDone();
        end.tryEmitEmpty();
        assertThat(before.join()).isEqualTo(person);
        assertThat(erased.join()).isOne();
    }

    private UUID created(PhoneNumber number) {
        return create(node, List.of(number)).map(List::getFirst).blockOptional().orElseThrow();
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private Mono<List<UUID>> create(KeyedDatabase where, List<PhoneNumber> numbers) {
        return where.in(tenant, (client, keys) -> subjects.findOrCreate(client, keys, numbers))
                .map(found -> found.values().stream().map(Subject::id).toList());
    }

    private static PhoneNumber number(int i) {
        return PhoneNumber.of("+3363998%04d".formatted(i), "FR");
    }
}
