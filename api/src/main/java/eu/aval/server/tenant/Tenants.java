// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import eu.aval.server.encryption.Keys;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The tenants of this server. Actors are written as the audit trail writes them, e.g. {@code operator:<id>}. */
@Component
public class Tenants {

    /** What the trail calls it when a tenant is held to other rules. */
    public static final String RULE_PACK_SET = "tenant.rule-pack-set";

    private static final Duration MEMORY = Duration.ofSeconds(2);

    private final PlatformDatabase database;
    private final Keys keys;
    private final ObjectProvider<TenantChanges> listeners;
    private final String standardRulePack;
    /** Bounded: whoever may name a tenant may name one that is not there. */
    private final Cache<TenantId, Mono<Tenant>> known =
            Caffeine.newBuilder().maximumSize(10_000).build();

    /** @param standardRulePack what new tenants are held to */
    Tenants(
            PlatformDatabase database,
            Keys keys,
            ObjectProvider<TenantChanges> listeners,
            @Value("${aval.rule-packs.standard:GUIDE}") String standardRulePack) {
        this.database = database;
        this.keys = keys;
        this.listeners = listeners;
        this.standardRulePack = standardRulePack;
    }

    /** From memory in nearly all cases; a change elsewhere shows within two seconds. Empty if there is none. */
    public Mono<Tenant> find(TenantId id) {
        return known.get(
                id,
                missing -> database.in(client -> TenantTable.find(client, missing))
                        .cache(tenant -> MEMORY, failure -> Duration.ZERO, () -> Duration.ZERO));
    }

    /** Like {@link #find(TenantId)}; an error {@link Problem} NOT_FOUND if there is none. */
    public Mono<Tenant> require(TenantId id) {
        return find(id).switchIfEmpty(Mono.error(() -> new Problem(ProblemType.NOT_FOUND, "No such tenant")));
    }

    /** Empty if there is none. */
    public Mono<Tenant> find(String key) {
        return database.in(client -> TenantTable.find(client, key));
    }

    /** All, oldest first. */
    public Mono<List<Tenant>> list() {
        return database.in(TenantTable::list);
    }

    /**
     * A new tenant with keysets of its own, without purposes, senders or routes: it cannot send yet.
     *
     * @return an error {@link Problem} INVALID_REQUEST or CONFLICT
     */
    public Mono<Tenant> create(Tenant.Draft draft, String actor) {
        Tenant tenant = new Tenant(
                new TenantId(TimeOrderedId.next()),
                draft.key(),
                draft.name(),
                Tenant.State.ACTIVE,
                draft.countries(),
                Residency.STANDARD,
                draft.maximumParts(),
                standardRulePack,
                Instant.now().truncatedTo(ChronoUnit.MICROS));
        return valid(tenant)
                .then(Mono.defer(() -> database.in(client ->
                        TenantTable.insert(client, tenant).then(tell(client, tenant, actor, "tenant.created")))))
                .onErrorMap(
                        DuplicateKeyException.class,
                        taken -> new Problem(ProblemType.CONFLICT, "There is a tenant with this key."))
                .then(Mono.defer(() -> keys.of(tenant.id())))
                .thenReturn(tenant);
    }

    /** Stops a tenant: no more requests, nothing leaves. Idempotent. NOT_FOUND if there is none. */
    public Mono<Tenant> suspend(TenantId id, String actor) {
        return change(id, actor, "tenant.suspended", tenant -> with(tenant, Tenant.State.SUSPENDED));
    }

    /** Lets a suspended tenant go on. Idempotent. NOT_FOUND if there is none. */
    public Mono<Tenant> resume(TenantId id, String actor) {
        return change(id, actor, "tenant.resumed", tenant -> with(tenant, Tenant.State.ACTIVE));
    }

    /** Where recipients may be, and how long a message may be. NOT_FOUND if there is none, or INVALID_REQUEST. */
    public Mono<Tenant> limit(TenantId id, Set<String> countries, int maximumParts, String actor) {
        return change(
                id,
                actor,
                "tenant.limited",
                tenant -> new Tenant(
                        tenant.id(),
                        tenant.key(),
                        tenant.name(),
                        tenant.state(),
                        countries,
                        tenant.residency(),
                        maximumParts,
                        tenant.rulePack(),
                        tenant.createdAt()));
    }

    /** Which rules it is held to; that there are such rules is the caller's to know. NOT_FOUND if there is no tenant. */
    public Mono<Tenant> holdTo(TenantId id, String rulePack, String actor) {
        return change(
                id,
                actor,
                RULE_PACK_SET,
                tenant -> new Tenant(
                        tenant.id(),
                        tenant.key(),
                        tenant.name(),
                        tenant.state(),
                        tenant.countries(),
                        tenant.residency(),
                        tenant.maximumParts(),
                        rulePack,
                        tenant.createdAt()));
    }

    /**
     * Where its personal data may be processed: routes that lead elsewhere are not used any more, for what is queued either.
     * NOT_FOUND if there is none, or INVALID_REQUEST.
     */
    public Mono<Tenant> reside(TenantId id, Residency residency, String actor) {
        return change(
                id,
                actor,
                "tenant.residency-set",
                tenant -> new Tenant(
                        tenant.id(),
                        tenant.key(),
                        tenant.name(),
                        tenant.state(),
                        tenant.countries(),
                        residency,
                        tenant.maximumParts(),
                        tenant.rulePack(),
                        tenant.createdAt()));
    }

    private Mono<Tenant> change(TenantId id, String actor, String action, UnaryOperator<Tenant> change) {
        return database.in(client -> TenantTable.find(client, id)
                        .switchIfEmpty(Mono.error(() -> new Problem(ProblemType.NOT_FOUND, "No such tenant.")))
                        .flatMap(tenant -> {
                            Tenant changed = change.apply(tenant);
                            return changed.equals(tenant)
                                    ? Mono.just(tenant)
                                    : valid(changed)
                                            .then(TenantTable.update(client, changed))
                                            .then(tell(client, changed, actor, action))
                                            .thenReturn(changed);
                        }))
                .doOnNext(changed -> known.invalidate(id));
    }

    private Mono<Void> tell(DatabaseClient client, Tenant tenant, String actor, String action) {
        return Flux.defer(() -> Flux.fromStream(listeners.orderedStream()))
                .concatMap(listener -> listener.changed(client, tenant, actor, action))
                .then();
    }

    private static Tenant with(Tenant tenant, Tenant.State state) {
        return new Tenant(
                tenant.id(),
                tenant.key(),
                tenant.name(),
                state,
                tenant.countries(),
                tenant.residency(),
                tenant.maximumParts(),
                tenant.rulePack(),
                tenant.createdAt());
    }

    private static Mono<Void> valid(Tenant tenant) {
        List<Problem.Field> invalid = new ArrayList<>();
        if (!tenant.key().matches("[a-z][a-z0-9-]{0,39}")) {
            invalid.add(new Problem.Field(
                    "/key", "INVALID_FORMAT", "Up to 40 lower-case letters, digits and hyphens, a letter first."));
        }
        if (tenant.name().isBlank() || tenant.name().length() > 200) {
            invalid.add(new Problem.Field("/name", "INVALID_LENGTH", "1 to 200 characters."));
        }
        if (tenant.countries().isEmpty() || !tenant.countries().stream().allMatch(Residency::isCountry)) {
            invalid.add(new Problem.Field("/countries", "INVALID_VALUE", "At least one ISO 3166-1 alpha-2 code."));
        }
        if (!tenant.residency().isValid()) {
            invalid.add(new Problem.Field(
                    "/countries",
                    "INVALID_VALUE",
                    "At least one ISO 3166-1 alpha-2 code, or EEA for all of its countries."));
        }
        if (tenant.maximumParts() < 1 || tenant.maximumParts() > 255) {
            invalid.add(new Problem.Field("/maximumParts", "OUT_OF_RANGE", "1 to 255."));
        }
        return invalid.isEmpty()
                ? Mono.empty()
                : Mono.error(new Problem(ProblemType.INVALID_REQUEST, "The tenant has invalid fields.", invalid));
    }
}
