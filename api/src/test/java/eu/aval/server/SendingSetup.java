// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server;

import eu.aval.server.audit.Actor;
import eu.aval.server.carrier.AccountAdministration;
import eu.aval.server.carrier.AccountDraft;
import eu.aval.server.consent.LegalBasis;
import eu.aval.server.consent.Purposes;
import eu.aval.server.consent.RetentionClass;
import eu.aval.server.consent.Senders;
import eu.aval.server.routing.RouteAdministration;
import eu.aval.server.routing.RouteDraft;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.spi.submit.MessageClass;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Tenants that can send through the simulator, and messages of theirs; inject it into a {@link PlatformTest}. */
@Component
public class SendingSetup {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final RestSetup rest;
    private final FreshDatabase database;
    private final Purposes purposes;
    private final Senders senders;
    private final AccountAdministration accounts;
    private final RouteAdministration routes;

    SendingSetup(
            RestSetup rest,
            FreshDatabase database,
            Purposes purposes,
            Senders senders,
            AccountAdministration accounts,
            RouteAdministration routes) {
        this.rest = rest;
        this.database = database;
        this.purposes = purposes;
        this.senders = senders;
        this.accounts = accounts;
        this.routes = routes;
    }

    /**
     * With a purpose for each class, under its name, and the sender AVAL, whose STOP goes to 36180; MARKETING and SURVEY need
     * a consent.
     */
    public TenantId tenant() {
        return tenant(simulator());
    }

    /** The same, with all of its messages led to this account. */
    public TenantId tenant(UUID account) {
        TenantId tenant = rest.tenant();
        for (MessageClass each : MessageClass.values()) {
            boolean consented = each == MessageClass.MARKETING || each == MessageClass.SURVEY;
            await(purposes.declare(
                    tenant,
                    new Purposes.Declaration(
                            each.name().toLowerCase(Locale.ROOT),
                            each,
                            consented ? LegalBasis.CONSENT : LegalBasis.CONTRACT,
                            RetentionClass.MESSAGE),
                    Actor.SYSTEM));
        }
        await(senders.declare(tenant, new Senders.Declaration("AVAL", true, "36180"), Actor.SYSTEM));
        await(routes.create(tenant, RouteDraft.everythingTo(account), Actor.SYSTEM));
        return tenant;
    }

    /** A new account of the simulator. */
    public UUID simulator() {
        String name = "sim-" + TimeOrderedId.next().toString().replace("-", "").substring(8);
        return await(accounts.create(AccountDraft.of(name, "simulator", Map.of()), Actor.SYSTEM))
                .id();
    }

    /** Sends messages for the purpose {@code service}, and waits until each has ended. */
    public void deliver(TenantId tenant, String number, int messages) {
        String body = IntStream.range(0, messages)
                .mapToObj(i -> Map.of("to", number, "text", "Text of message " + i, "purpose", "service"))
                .collect(Collectors.collectingAndThen(
                        Collectors.toList(), items -> JsonMapper.shared().writeValueAsString(items)));
        long before = ended(tenant);
        rest.client(rest.key(tenant))
                .post()
                .uri("/v1/messages/batch")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body)
                .exchange()
                .expectStatus()
                .isAccepted();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (ended(tenant) < before + messages) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("Not delivered in time: " + states(tenant));
            }
            pause();
        }
    }

    private long ended(TenantId tenant) {
        return database.number(
                "select count(*) from aval.message where tenant_id = ? and status in ('DELIVERED', 'UNDELIVERED')",
                tenant.value());
    }

    private List<Object> states(TenantId tenant) {
        return database.query("select status from aval.message where tenant_id = ?", tenant.value()).stream()
                .<Object>map(row -> String.valueOf(row.get("status")))
                .toList();
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> T await(Mono<T> work) {
        return work.blockOptional(PATIENCE).orElseThrow();
    }
}
