// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.SendingSetup;
import eu.aval.server.audit.Actor;
import eu.aval.server.carrier.AccountAdministration;
import eu.aval.server.carrier.AccountDraft;
import eu.aval.server.consent.Senders;
import eu.aval.server.faults.CountingSmsc;
import eu.aval.server.routing.RouteAdministration;
import eu.aval.server.routing.RouteDraft;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Replies as an SMSC delivers them: jSMPP at the other end. */
@PlatformTest
final class SmppRepliesIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PERSON = "33612345678";

    @Autowired
    private RestSetup rest;

    @Autowired
    private SendingSetup sending;

    @Autowired
    private FreshDatabase database;

    @Autowired
    private Senders senders;

    @Autowired
    private AccountAdministration accounts;

    @Autowired
    private RouteAdministration routes;

    @Test
    void isInForceWhenTheSmscIsAnsweredAndConfirmsOnce() throws Exception {
        TenantId tenant = sending.tenant();
        senders.declare(tenant, "36180", true, Actor.SYSTEM).block(PATIENCE);
        try (CountingSmsc smsc = new CountingSmsc(0)) {
            UUID account = connect(tenant, smsc);
            send(tenant, "Votre commande est partie");
            await(() -> smsc.seen().containsKey("Votre commande est partie"));

            smsc.inbound("33612345679", "36180", "Bonjour");
            smsc.inbound(PERSON, "36180", "STOP");

            // The SMSC has its answer: nothing of this may come later
            assertThat(database.query(
                            "select sender, message_class, source from aval.suppression where tenant_id = ?"
                                    + " order by message_class",
                            tenant.value()))
                    .extracting(row -> row.get("sender") + "/" + row.get("message_class") + "/" + row.get("source"))
                    .containsExactly("36180/MARKETING/REPLY", "36180/SERVICE/REPLY", "36180/SURVEY/REPLY");
            smsc.inbound(PERSON, "36180", "STOP");
            smsc.inbound(PERSON, "36180", "Stop. Merci");
            await(() -> confirmations(smsc) > 0);
            pause(1_500);
            assertThat(confirmations(smsc)).isOne();
            assertThat(database.number(
                            "select count(*) from aval.inbound_message where carrier_account_id = ?", account))
                    .as("the same STOP again has the same id")
                    .isEqualTo(3);
            accounts.enable(account, false, null, Actor.SYSTEM).block(PATIENCE);
        }
    }

    @Test
    void readsAStopThatComesInParts() throws Exception {
        TenantId tenant = sending.tenant();
        senders.declare(tenant, "36180", true, Actor.SYSTEM).block(PATIENCE);
        try (CountingSmsc smsc = new CountingSmsc(0)) {
            UUID account = connect(tenant, smsc);
            send(tenant, "Votre commande est en route");
            await(() -> smsc.seen().containsKey("Votre commande est en route"));

            smsc.inboundPart(PERSON, "36180", 7, 2, 2, "cordialement, quelqu'un qui ne veut plus rien");
            smsc.inboundPart(PERSON, "36180", 7, 2, 2, "cordialement, quelqu'un qui ne veut plus rien");
            smsc.inboundPart(PERSON, "36180", 7, 2, 1, "STOP. ");

            assertThat(database.query(
                            "select meaning, complete from aval.inbound_message where carrier_account_id = ?", account))
                    .singleElement()
                    .satisfies(row ->
                            assertThat(row).containsEntry("meaning", "STOP").containsEntry("complete", true));
            await(() -> confirmations(smsc) == 1);
            accounts.enable(account, false, null, Actor.SYSTEM).block(PATIENCE);
        }
    }

    @Test
    void storesAFewAtATimeHoweverManyComeAtOnce() throws Exception {
        TenantId tenant = sending.tenant();
        senders.declare(tenant, "36180", true, Actor.SYSTEM).block(PATIENCE);
        try (CountingSmsc smsc = new CountingSmsc(0)) {
            UUID account = connect(tenant, smsc);
            send(tenant, "Votre commande est prete");
            await(() -> smsc.seen().containsKey("Votre commande est prete"));
            Connection other =
                    database.platformPool().create().blockOptional(PATIENCE).orElseThrow();
            run(other, "begin; lock table aval.inbound_message in exclusive mode");
            List<Thread> writers = IntStream.range(0, 40)
                    .mapToObj(i -> Thread.ofVirtual().start(() -> write(smsc, i)))
                    .toList();
            await(() -> waiting() >= 4);
            long most = 0;
            Instant end = Instant.now().plusMillis(1_000);
            while (Instant.now().isBefore(end)) {
                most = Math.max(most, waiting());
            }
            run(other, "commit");
            Mono.from(other.close()).block(PATIENCE);
            for (Thread writer : writers) {
                writer.join();
            }

            assertThat(most).isEqualTo(4);
            await(() ->
                    database.number("select count(*) from aval.inbound_message where carrier_account_id = ?", account)
                            == 40);
            accounts.enable(account, false, null, Actor.SYSTEM).block(PATIENCE);
        }
    }

    private long waiting() {
        return database.number("select count(*) from pg_stat_activity where datname = current_database()"
                + " and application_name = 'aval-app' and wait_event_type = 'Lock'");
    }

    private static void write(CountingSmsc smsc, int person) {
        try {
            smsc.inbound("336123500%02d".formatted(person), "36180", "Bonjour " + person);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(Connection connection, String sql) {
        Flux.from(connection.createStatement(sql).execute())
                .flatMap(Result::getRowsUpdated)
                .blockLast(PATIENCE);
    }

    private static int confirmations(CountingSmsc smsc) {
        return smsc.seen().entrySet().stream()
                .filter(text -> text.getKey().contains("votre demande est prise en compte"))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    private UUID connect(TenantId tenant, CountingSmsc smsc) {
        String name = "smsc-" + TimeOrderedId.next().toString().replace("-", "").substring(8);
        UUID account = accounts.create(
                        AccountDraft.of(
                                        name,
                                        "smpp",
                                        Map.of(
                                                "host",
                                                "127.0.0.1",
                                                "port",
                                                Integer.toString(smsc.port()),
                                                "system-id",
                                                "aval",
                                                "password",
                                                "secret"))
                                .processedIn("FR"),
                        Actor.SYSTEM)
                .block(PATIENCE)
                .id();
        routes.create(tenant, RouteDraft.everythingTo(account), Actor.SYSTEM).block(PATIENCE);
        return account;
    }

    private void send(TenantId tenant, String text) {
        rest.client(rest.key(tenant))
                .post()
                .uri("/v1/messages")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"to\":\"+" + PERSON + "\",\"text\":\"" + text + "\",\"purpose\":\"service\"}")
                .exchange()
                .expectStatus()
                .isAccepted();
    }

    private static void await(BooleanSupplier condition) {
        Instant end = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("waited too long").isBefore(end);
            pause(20);
        }
    }

    private static void pause(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
