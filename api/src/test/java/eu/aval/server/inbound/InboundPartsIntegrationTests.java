// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.SendingSetup;
import eu.aval.server.access.Application;
import eu.aval.server.carrier.CarrierEvents;
import eu.aval.server.encryption.KeyChanges;
import eu.aval.server.encryption.KeysetStore.Kind;
import eu.aval.server.inbound.store.FinishedAssemblies;
import eu.aval.server.outbox.OutboxSetup;
import eu.aval.server.personaldata.PersonalDataHolder;
import eu.aval.server.personaldata.PlaintextAccess;
import eu.aval.server.routing.RouteAdministration;
import eu.aval.server.shared.TenantId;
import eu.aval.spi.event.CarrierEvent.InboundPart;
import eu.aval.spi.text.Address;
import eu.aval.spi.text.Text;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

@PlatformTest
final class InboundPartsIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PERSON = "+33639980000";

    @Autowired
    private RestSetup rest;

    @Autowired
    private SendingSetup sending;

    @Autowired
    private FreshDatabase database;

    @Autowired
    private CarrierEvents carriers;

    @Autowired
    private InboundParts parts;

    @Autowired
    private FinishedAssemblies finished;

    @Autowired
    private RouteAdministration routes;

    @Autowired
    private KeyChanges changes;

    @Autowired
    private List<PersonalDataHolder> holders;

    private TenantId tenant;
    private UUID account;

    @BeforeEach
    void send() {
        tenant = sending.tenant();
        account = routes.list(tenant).block(PATIENCE).getFirst().route().accountId();
        OutboxSetup.listen(database, tenant);
    }

    @Test
    void makesOneMessageOfPartsInAnyOrder() {
        receive(7, 3, 2, "à ");
        receive(7, 3, 3, "tous");
        assertThat(messages()).isEmpty();

        receive(7, 3, 1, "Merci ");

        assertThat(messages()).singleElement().satisfies(row -> assertThat(row).containsEntry("complete", true));
        assertThat(texts()).contains("\"Merci à tous\"");
        assertThat(OutboxSetup.told(database, tenant)).containsOnlyOnce("message.received");
    }

    @Test
    void keepsNothingOfThePartsOnceTheMessageIsThere() {
        receive(7, 2, 1, "Merci ");
        assertThat(kept()).isOne();

        receive(7, 2, 2, "à tous");

        assertThat(kept()).isZero();
        assertThat(assemblies()).isOne();
        database.execute(
                "update aval.inbound_assembly set finished_at = now() - interval '61 minutes' where tenant_id = ?",
                tenant.value());
        finished.sweep().block(PATIENCE);
        assertThat(assemblies()).isZero();
        assertThat(database.number("select count(*) from aval.inbound_part where tenant_id = ?", tenant.value()))
                .isZero();
    }

    @Test
    void takesAPartThatComesAgainOnce() {
        receive(7, 2, 1, "Merci ");
        receive(7, 2, 1, "Merci ");
        receive(7, 2, 2, "à tous");
        receive(7, 2, 2, "à tous");
        receive(7, 2, 1, "Merci ");

        assertThat(messages()).hasSize(1);
        assertThat(assemblies()).isOne();
    }

    @Test
    void makesOneMessageOfPartsThatComeAtTheSameMoment() {
        for (int round = 0; round < 10; round++) {
            int reference = round;
            Flux.range(0, 8)
                    .flatMap(i -> carriers.accept(account, part(reference, 4, i % 4 + 1, "part " + i % 4)), 8)
                    .then()
                    .block(PATIENCE);
        }

        assertThat(messages()).hasSize(10).allSatisfy(row -> assertThat(row).containsEntry("complete", true));
        assertThat(assemblies()).isEqualTo(10);
    }

    @Test
    void beginsAnewWhenTheReferenceComesRound() {
        receive(7, 2, 1, "Merci ");
        receive(7, 2, 1, "Bonjour ");
        assertThat(messages()).singleElement().satisfies(row -> assertThat(row).containsEntry("complete", false));

        receive(7, 2, 2, "à tous");
        receive(7, 2, 1, "Adieu ");
        receive(7, 2, 2, "les amis");

        assertThat(messages()).extracting(row -> row.get("complete")).containsExactly(false, true, true);
        assertThat(texts()).contains("\"Merci \"", "\"Bonjour à tous\"", "\"Adieu les amis\"");
    }

    @Test
    void handsOnWhatStaysIncompleteAndLosesNothingThatComesLater() {
        receive(7, 2, 2, "STOP");
        parts.handOnLate().block(PATIENCE);
        assertThat(messages()).isEmpty();

        late();
        Flux.range(0, 4).flatMap(i -> parts.handOnLate(), 4).then().block(PATIENCE);

        assertThat(messages())
                .singleElement()
                .satisfies(
                        row -> assertThat(row).containsEntry("complete", false).containsEntry("meaning", "STOP"));
        receive(7, 2, 1, "Bonjour ");
        late();
        parts.handOnLate().block(PATIENCE);
        assertThat(texts()).contains("\"STOP\"", "\"Bonjour \"");
    }

    @Test
    void knowsPartsAndWhatComesAgainWhileTheIndexKeysRotate() {
        receive(7, 2, 1, "Merci ");
        int key = changes.drawId(tenant, Kind.PRF).blockOptional(PATIENCE).orElseThrow();

        changes.add(tenant, Kind.PRF, key).block(PATIENCE);
        receive(7, 2, 1, "Merci ");
        changes.promote(tenant, Kind.PRF, key).block(PATIENCE);
        receive(7, 2, 1, "Merci ");
        assertThat(assemblies()).isOne();
        assertThat(messages()).isEmpty();

        receive(7, 2, 2, "à tous");
        receive(7, 2, 2, "à tous");
        receive(7, 2, 1, "Merci ");
        assertThat(assemblies()).isOne();
        assertThat(texts()).containsOnlyOnce("\"Merci à tous\"");
    }

    @Test
    void takesAStopInTwoPartsOnce() {
        sending.deliver(tenant, PERSON, 1);

        receive(7, 2, 2, "OP");
        receive(7, 2, 1, "ST");
        receive(7, 2, 1, "ST");

        assertThat(messages()).singleElement().satisfies(row -> assertThat(row).containsEntry("meaning", "STOP"));
        assertThat(database.number(
                        "select count(*) from aval.suppression where tenant_id = ? and source = 'REPLY'",
                        tenant.value()))
                .isEqualTo(3);
        assertThat(database.number(
                        "select count(*) from aval.message where tenant_id = ? and answers is not null",
                        tenant.value()))
                .isOne();
    }

    @Test
    void joinsWhatPhonesCutInTwo() {
        receive(1, 2, 2, "\uDE00 ok");
        receive(1, 2, 1, "Bravo \uD83D");
        receive(2, 2, 1, "5 \u001B");
        receive(2, 2, 2, "e pile");

        assertThat(texts()).contains("\"Bravo \uD83D\uDE00 ok\"", "\"5 € pile\"");
    }

    @Test
    void keepsMessagesOfDifferentPeopleApart() {
        receive(7, 2, 1, "Merci ");
        carriers.accept(account, part("+33639980002", 7, 2, 2, "à tous")).block(PATIENCE);
        receive(7, 3, 2, "à tous");
        receive(8, 2, 2, "à tous");

        assertThat(messages()).isEmpty();
        assertThat(assemblies()).isEqualTo(4);
    }

    @Test
    void putsTogetherWhatAShortCodeWrote() {
        for (int number = 1; number <= 2; number++) {
            carriers.accept(account, part("36180", 7, 2, number, "part " + number))
                    .block(PATIENCE);
        }

        assertThat(messages()).hasSize(1);
        assertThat(texts()).contains("\"part 1part 2\"");
    }

    @Test
    void failsWhenAPartCannotBeStoredSoThatItComesAgain() {
        database.execute("alter table aval.inbound_part rename to inbound_part_away");
        try {
            assertThatThrownBy(() -> receive(7, 2, 1, "Merci ")).isInstanceOf(RuntimeException.class);
        } finally {
            database.execute("alter table aval.inbound_part_away rename to inbound_part");
        }
        assertThat(assemblies()).isZero();
        receive(7, 2, 2, "à tous");

        database.execute("alter table aval.inbound_message rename to inbound_message_away");
        try {
            assertThatThrownBy(() -> receive(7, 2, 1, "Merci ")).isInstanceOf(RuntimeException.class);
        } finally {
            database.execute("alter table aval.inbound_message_away rename to inbound_message");
        }
        receive(7, 2, 1, "Merci ");
        assertThat(texts()).contains("\"Merci à tous\"");
    }

    @Test
    void showsNobodyThePartsOfAnotherTenant() {
        receive(7, 2, 1, "Merci ");

        for (String table : List.of("inbound_assembly", "inbound_part")) {
            assertThat(visible(sending.tenant(), table)).isZero();
            assertThat(visible(tenant, table)).isOne();
        }
    }

    @Test
    void givesAndErasesWhatSomebodyHasWrittenSoFar() {
        receive(7, 2, 1, "Merci ");
        UUID person = (UUID) Objects.requireNonNull(
                database.value("select subject_id from aval.inbound_assembly where tenant_id = ?", tenant.value()));
        PersonalDataHolder holder = holders.stream()
                .filter(each -> each.name().equals("inbound"))
                .findFirst()
                .orElseThrow();

        assertThat(Flux.from(holder.export(tenant, person, PlaintextAccess.forDataSubjectExport()))
                        .collectList()
                        .block(PATIENCE))
                .singleElement()
                .satisfies(
                        row -> assertThat(row).containsEntry("text", "Merci ").containsEntry("number", 1));
        assertThat(Mono.from(holder.erase(tenant, person)).block(PATIENCE)).isOne();

        assertThat(assemblies()).isZero();
        assertThat(kept()).isZero();
    }

    private long visible(TenantId to, String table) {
        return database.tenantDatabase()
                .in(
                        to,
                        client -> client.sql("select count(*) from aval." + table)
                                .mapValue(Long.class)
                                .one())
                .blockOptional(PATIENCE)
                .orElseThrow();
    }

    private void late() {
        database.execute(
                "update aval.inbound_assembly set last_part_at = last_part_at - interval '6 minutes' where tenant_id = ?",
                tenant.value());
    }

    private void receive(int reference, int total, int number, String text) {
        Mono<Void> stored = carriers.accept(account, part(reference, total, number, text));
        stored.block(PATIENCE);
    }

    private static InboundPart part(int reference, int total, int number, String text) {
        return part(PERSON, reference, total, number, text);
    }

    private static InboundPart part(String from, int reference, int total, int number, String text) {
        return new InboundPart(
                UUID.randomUUID().toString(),
                from.startsWith("+") ? Address.e164(from) : Address.of(Address.Kind.SHORT_CODE, from),
                Address.of(Address.Kind.ALPHANUMERIC, "AVAL"),
                reference,
                total,
                number,
                Text.of(text),
                Instant.now());
    }

    private List<Map<String, Object>> messages() {
        return database.query(
                "select complete, meaning from aval.inbound_message where tenant_id = ? order by id", tenant.value());
    }

    private long kept() {
        return database.number(
                "select count(*) from aval.inbound_part where tenant_id = ? and text_sealed is not null",
                tenant.value());
    }

    private long assemblies() {
        return database.number("select count(*) from aval.inbound_assembly where tenant_id = ?", tenant.value());
    }

    private String texts() {
        return String.valueOf(rest.client(rest.key(tenant, Application.Scope.INBOUND_READ))
                .get()
                .uri("/v1/inbound-messages")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody());
    }
}
