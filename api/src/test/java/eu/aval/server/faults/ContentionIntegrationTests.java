// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.SendingSetup;
import eu.aval.server.access.Application;
import eu.aval.server.audit.Actor;
import eu.aval.server.carrier.CarrierEvents;
import eu.aval.server.consent.Consent;
import eu.aval.server.consent.Consents;
import eu.aval.server.consent.Suppressions;
import eu.aval.server.contact.PhoneNumbers;
import eu.aval.server.limit.Limits;
import eu.aval.server.limit.TrafficLimits;
import eu.aval.server.message.Messages;
import eu.aval.server.message.accept.Reception;
import eu.aval.server.message.accept.SendRequest;
import eu.aval.server.personaldata.PersonalDataHolder;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.rotation.KeyRotation.Kind;
import eu.aval.server.rotation.KeyRotations;
import eu.aval.server.routing.RouteAdministration;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.webhook.Receiver;
import eu.aval.server.webhook.SigningKey;
import eu.aval.server.webhook.WebhookEndpoint;
import eu.aval.server.webhook.WebhookEndpoints;
import eu.aval.spi.event.CarrierEvent.Delivery;
import eu.aval.spi.event.CarrierEvent.Inbound;
import eu.aval.spi.event.DeliveryState;
import eu.aval.spi.submit.MessageClass;
import eu.aval.spi.text.Address;
import eu.aval.spi.text.Text;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * All who write do so at a time, for a few people of one tenant: applications, people who object, a DPO, an administrator,
 * carriers. They may wait for each other, and never in a circle.
 */
@PlatformTest
@TestPropertySource(properties = {"aval.webhooks.insecure=true", "aval.webhooks.poll=50ms"})
final class ContentionIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration WHILE = Duration.ofSeconds(8);
    private static final int PEOPLE = 24;

    @Autowired
    private FreshDatabase database;

    @Autowired
    private SendingSetup sending;

    @Autowired
    private Reception reception;

    @Autowired
    private Messages messages;

    @Autowired
    private Consents consents;

    @Autowired
    private Suppressions suppressions;

    @Autowired
    private TrafficLimits limits;

    @Autowired
    private CarrierEvents carriers;

    @Autowired
    private List<PersonalDataHolder> holders;

    @Autowired
    private KeyRotations rotations;

    @Autowired
    private RouteAdministration routes;

    @Autowired
    private WebhookEndpoints endpoints;

    private final Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean running = true;
    private TenantId tenant;
    private UUID account;

    @Test
    void nobodyWaitsInACircle() throws InterruptedException {
        tenant = sending.tenant();
        account = routes.list(tenant).block(PATIENCE).getFirst().route().accountId();
        UUID key = TimeOrderedId.next();
        UUID other = TimeOrderedId.next();
        long before = deadlocks();
        try (Receiver receiver = new Receiver()) {
            receiver.answer("/gone", number -> Receiver.Reply.of(number % 40 == 0 ? 410 : 204));
            receiver.answer("/bad", number -> Receiver.Reply.of(number % 3 == 0 ? 500 : 204));
            for (String path : List.of("/gone", "/bad", "/gone", "/bad")) {
                endpoint(receiver.url(path));
            }
            begin(() -> send(key, other));
            begin(() -> send(other, key));
            begin(() -> send(key, other));
            begin(this::limit);
            begin(this::consent);
            begin(this::object);
            begin(this::erase);
            begin(this::cancel);
            begin(this::rotate);
            begin(this::write);
            begin(this::write);
            begin(this::deliver);
            begin(this::toggle);

            Thread.sleep(WHILE.toMillis());
            running = false;
            for (Thread thread : threads) {
                thread.join();
            }
        }

        assertThat(wrong).isEmpty();
        // Sessions report within a second
        Thread.sleep(1_500);
        assertThat(deadlocks() - before).isZero();
    }

    private long deadlocks() {
        return database.number("select deadlocks from pg_stat_database where datname = current_database()");
    }

    private void begin(Runnable work) {
        threads.add(Thread.ofPlatform().start(() -> {
            while (running) {
                try {
                    work.run();
                } catch (Problem refused) {
                    // As it should be: somebody has objected, or another rotation is under way
                } catch (RuntimeException | Error e) {
                    wrong.add(e);
                }
            }
        }));
    }

    /** Two applications at once, to the same people in part, in batches that share some of them. */
    private void send(UUID first, UUID second) {
        List<Reception.Item> items = IntStream.range(0, 40)
                .mapToObj(i -> new Reception.Item(i, request()))
                .toList();
        Mono.when(
                        reception.sendAll(application(first), items, null),
                        reception.sendAll(application(second), items, null))
                .block(PATIENCE);
    }

    private static SendRequest request() {
        String to = random(10) == 0 ? number(1_000 + random(8_000)) : number(random(PEOPLE));
        String text = random(3) == 0 ? "Soldes -50% STOP 36180" : "Bonjour";
        String purpose = List.of("otp", "service", "transactional", "alert").get(random(4));
        String sendAt = random(3) == 0 ? Instant.now().plusSeconds(3_600).toString() : null;
        return new SendRequest(
                to, text, purpose, null, null, null, sendAt, null, null, null, null, null, null, null, List.of());
    }

    private Application application(UUID key) {
        return new Application(
                key, tenant, Application.Kind.LIVE, Set.of(Application.Scope.values()), null, null, 1_000_000);
    }

    private void limit() {
        Limits anything = new Limits(null, null, null, 1_000_000, 1_000_000_000L, 10_000_000_000L, null, null);
        limits.set(tenant, anything, Actor.SYSTEM).block(PATIENCE);
        pause(5);
    }

    private void consent() {
        Consent.Status status = random(2) == 0 ? Consent.Status.GIVEN : Consent.Status.WITHDRAWN;
        consents.record(
                        tenant,
                        new Consents.Act(
                                person(random(2 * PEOPLE)),
                                "marketing",
                                status,
                                Instant.now(),
                                "FORM",
                                "v1",
                                "fr",
                                "evidence",
                                null),
                        Actor.SYSTEM)
                .block(PATIENCE);
    }

    private void object() {
        suppressions
                .add(
                        tenant,
                        new Suppressions.Objection(
                                person(random(2 * PEOPLE)),
                                random(2) == 0 ? null : "AVAL",
                                Set.of(MessageClass.MARKETING, MessageClass.SURVEY),
                                "CONSOLE"),
                        Actor.SYSTEM)
                .block(PATIENCE);
    }

    private void erase() {
        List<UUID> known = ids(
                "select id from aval.subject where tenant_id = ? and erased_at is null" + " order by random() limit 1");
        holders.stream()
                .sorted(Comparator.comparingInt(PersonalDataHolder::order))
                .forEach(holder ->
                        known.forEach(id -> Flux.from(holder.erase(tenant, id)).blockLast(PATIENCE)));
        pause(20);
    }

    private void cancel() {
        ids("select id from aval.message where tenant_id = ? and status = 'SCHEDULED' order by random() limit 5")
                .forEach(id -> messages.cancel(tenant, id)
                        .onErrorComplete(Problem.class)
                        .block(PATIENCE));
        pause(5);
    }

    private void rotate() {
        pause(200);
        rotations
                .start(random(2) == 0 ? Kind.PRF : Kind.AEAD, tenant, Actor.SYSTEM)
                .block(PATIENCE);
    }

    private void write() {
        carriers.accept(
                        account,
                        new Inbound(
                                "in-" + TimeOrderedId.next(),
                                Address.e164(number(random(PEOPLE))),
                                Address.of(Address.Kind.ALPHANUMERIC, "AVAL"),
                                Text.of(List.of("STOP", "START", "STOP TOUT").get(random(3))),
                                Instant.now(),
                                true))
                .block(PATIENCE);
        pause(5);
    }

    /** What carriers tell again, of any message. */
    private void deliver() {
        List<DeliveryState> states = List.of(DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.UNDELIVERED);
        Flux.fromIterable(database.query(
                        "select carrier_message_id as id from aval.submitted_part where tenant_id = ?"
                                + " order by random() limit 20",
                        tenant.value()))
                .flatMap(row -> carriers.accept(
                        account,
                        new Delivery(
                                List.of(String.valueOf(row.get("id"))),
                                null,
                                null,
                                states.get(random(3)),
                                null,
                                null,
                                Instant.now(),
                                null)))
                .then()
                .block(PATIENCE);
        pause(20);
    }

    private void endpoint(String url) {
        endpoints
                .create(caller(), new WebhookEndpoint.Draft(url, null, List.of(), List.of()), SigningKey.Scheme.V1)
                .block(PATIENCE);
    }

    private void toggle() {
        for (WebhookEndpoint each : endpoints.list(caller()).block(PATIENCE)) {
            if (random(3) == 0) {
                endpoints.disable(caller(), each.id()).block(PATIENCE);
            }
            pause(20);
            endpoints.enable(caller(), each.id()).block(PATIENCE);
        }
    }

    private WebhookEndpoints.Caller caller() {
        return new WebhookEndpoints.Caller(tenant, null, Actor.SYSTEM);
    }

    private List<UUID> ids(String query) {
        return database.query(query, tenant.value()).stream()
                .map(row -> (UUID) Objects.requireNonNull(row.get("id")))
                .toList();
    }

    private static int random(int bound) {
        return ThreadLocalRandom.current().nextInt(bound);
    }

    private static String number(int n) {
        return "+3363998%04d".formatted(n);
    }

    private static PhoneNumber person(int n) {
        return ((PhoneNumbers.Reading.Mobile) PhoneNumbers.read(number(n))).number();
    }

    private static void pause(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
