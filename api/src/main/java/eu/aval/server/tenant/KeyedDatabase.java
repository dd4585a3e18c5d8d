// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import eu.aval.server.encryption.Keys;
import eu.aval.server.encryption.KeysUnusable;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.shared.TenantId;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * {@link TenantDatabase} and {@link PlatformDatabase} together with the tenant's keys, which are those of the database
 * from the beginning of the transaction to its end. What is written under them is found by whoever looks next, also
 * while keys rotate.
 */
@Component
public class KeyedDatabase {

    private static final Logger LOG = LoggerFactory.getLogger(KeyedDatabase.class);
    private static final int ATTEMPTS = 8;

    private static final Duration LOOK = Duration.ofMillis(10);
    /** PostgreSQL ends what rests in a transaction, and statements, before that. */
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final TenantDatabase database;
    private final PlatformDatabase platform;
    private final Keys keys;

    KeyedDatabase(TenantDatabase database, PlatformDatabase platform, Keys keys) {
        this.database = database;
        this.platform = platform;
        this.keys = keys;
    }

    /** Like {@link TenantDatabase#in}; starts again with newer keys if those at hand are not the database's. */
    public <T> Mono<T> in(TenantId tenant, BiFunction<DatabaseClient, TenantKeys, Mono<T>> work) {
        return again(Mono.defer(() -> keys.of(tenant))
                .flatMap(own -> database.in(
                        tenant,
                        client ->
                                requireCurrent(client, List.of(own)).then(Mono.defer(() -> work.apply(client, own))))));
    }

    /** Like {@link PlatformDatabase#in}, with the keys of a tenant, or those of the platform itself. */
    public <T> Mono<T> acrossTenants(TenantId owner, BiFunction<DatabaseClient, TenantKeys, Mono<T>> work) {
        return acrossTenants(
                Set.of(owner), (client, own) -> work.apply(client, Objects.requireNonNull(own.get(owner))));
    }

    /** Like {@link PlatformDatabase#in}, with the keys of several. */
    public <T> Mono<T> acrossTenants(
            Set<TenantId> owners, BiFunction<DatabaseClient, Map<TenantId, TenantKeys>, Mono<T>> work) {
        return again(Mono.defer(() -> of(owners))
                .flatMap(own -> platform.in(
                        client -> hold(client, own.values()).then(Mono.defer(() -> work.apply(client, own))))));
    }

    /** Those of them whose keys open. What does not is told in the log, and is for somebody to mend. */
    public Mono<List<TenantId>> usable(List<TenantId> owners) {
        return Flux.fromIterable(owners)
                .concatMap(owner -> keys.of(owner).map(TenantKeys::tenant).onErrorResume(KeysUnusable.class, broken -> {
                    LOG.warn("Goes on without a tenant: {}", broken.getMessage());
                    return Mono.empty();
                }))
                .collectList();
    }

    /**
     * Completes when every transaction has ended that held the tenant's keys when this was asked. Whoever looks something up
     * by number holds them, so whoever comes later sees what was committed before: a number that was taken away leads nobody
     * any more to what it led to. Holds up nobody.
     *
     * @return an error {@link TimeoutException} if one of them does not end
     */
    public Mono<Void> othersEnded(TenantId owner) {
        return platform.atOnce(client -> client.sql(KeyLock.HOLDERS)
                        .bind(0, owner.toString())
                        .mapValue(String.class)
                        .all()
                        .collectList())
                .flatMap(held -> held.isEmpty()
                        ? Mono.empty()
                        : Mono.defer(() -> left(owner, held))
                                .repeatWhen(looks -> looks.delayElements(LOOK))
                                .takeUntil(left -> left == 0)
                                .then()
                                .timeout(LONGEST));
    }

    private Mono<Long> left(TenantId owner, List<String> holders) {
        return platform.atOnce(client -> client.sql(KeyLock.LEFT)
                .bind(0, owner.toString())
                .bind(1, holders.toArray(String[]::new))
                .mapValue(Long.class)
                .one());
    }

    private <T> Mono<T> again(Mono<T> attempt) {
        return attempt.retryWhen(Retry.max(ATTEMPTS)
                .filter(StaleKeys.class::isInstance)
                .doBeforeRetryAsync(again -> again.failure() instanceof StaleKeys stale
                        ? Flux.fromIterable(stale.tenants())
                                .concatMap(keys::refresh)
                                .then()
                        : Mono.empty())
                .onRetryExhaustedThrow((spec, signal) -> signal.failure()));
    }

    private Mono<Map<TenantId, TenantKeys>> of(Set<TenantId> owners) {
        return Flux.fromIterable(owners)
                .concatMap(keys::of)
                .collect(HashMap::new, (all, one) -> all.put(one.tenant(), one));
    }

    /**
     * For a transaction of {@link PlatformDatabase} that brought keys of its own: until it ends they do not change.
     *
     * @return an error {@link StaleKeys} if the database has other versions; then refresh and start again
     */
    public static Mono<Void> hold(DatabaseClient client, Collection<TenantKeys> keys) {
        // in one order, so that nobody waits for each other
        String[] tenants = keys.stream()
                .map(TenantKeys::tenant)
                .distinct()
                .sorted(Comparator.comparing(TenantId::value))
                .map(TenantId::toString)
                .toArray(String[]::new);
        return client.sql(KeyLock.SHARED_BY_EACH)
                .bind(0, tenants)
                .then()
                .then(Mono.defer(() -> requireCurrent(client, keys)));
    }

    /**
     * For a transaction of {@link TenantDatabase} that brought keys of its own, and for one that only opens what it has
     * read before it asks this.
     *
     * @return an error {@link StaleKeys} if the database has other versions; then refresh and start again
     */
    public static Mono<Void> requireCurrent(DatabaseClient client, Collection<TenantKeys> keys) {
        List<TenantKeys> asked = List.copyOf(keys);
        if (asked.isEmpty()) {
            return Mono.empty();
        }
        return client.sql("""
                        select known.tenant_id
                        from unnest($1::uuid[], $2::integer[], $3::integer[]) as known (tenant_id, aead, prf)
                        where known.aead is distinct from (
                            select version from aval.keyset k where k.tenant_id = known.tenant_id and k.kind = 'AEAD')
                          or known.prf is distinct from (
                            select version from aval.keyset k where k.tenant_id = known.tenant_id and k.kind = 'PRF')""")
                .bind(0, asked.stream().map(each -> each.tenant().value()).toArray(UUID[]::new))
                .bind(1, asked.stream().map(TenantKeys::aeadVersion).toArray(Integer[]::new))
                .bind(2, asked.stream().map(TenantKeys::prfVersion).toArray(Integer[]::new))
                .map(row -> new TenantId(Objects.requireNonNull(row.get(0, UUID.class))))
                .all()
                .collect(HashSet<TenantId>::new, Set::add)
                .flatMap(stale -> stale.isEmpty() ? Mono.empty() : Mono.error(new StaleKeys(stale)));
    }
}
