// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.encryption;

import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Parameters;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.prf.PredefinedPrfParameters;
import eu.aval.server.encryption.KeysetStore.Kind;
import eu.aval.server.encryption.KeysetStore.Versions;
import eu.aval.server.encryption.KeysetStore.Wrapped;
import eu.aval.server.shared.TenantId;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/**
 * Keys of the tenants at work, kept in memory. One query a second asks which of them have changed; a tenant without
 * keysets gets its own at the first call.
 */
final class CachedKeys implements Keys, SmartLifecycle {

    private static final Logger LOGGER = LoggerFactory.getLogger(CachedKeys.class);
    private static final Duration POLL = Duration.ofSeconds(1);

    private final KeysetStore store;
    private final KeyEncryption encryption;
    private final Scheduler scheduler;
    private final ConcurrentMap<TenantId, TenantKeys> known = new ConcurrentHashMap<>();
    private final ConcurrentMap<TenantId, Mono<TenantKeys>> loading = new ConcurrentHashMap<>();
    private volatile @Nullable Disposable polling;

    CachedKeys(KeysetStore store, KeyEncryption encryption, Scheduler scheduler) {
        this.store = store;
        this.encryption = encryption;
        this.scheduler = scheduler;
    }

    @Override
    public Mono<TenantKeys> of(TenantId tenant) {
        TenantKeys keys = known.get(tenant);
        return keys != null ? Mono.just(keys) : refresh(tenant);
    }

    @Override
    public Mono<TenantKeys> refresh(TenantId tenant) {
        return Mono.defer(() -> loading.computeIfAbsent(tenant, this::load));
    }

    private Mono<TenantKeys> load(TenantId tenant) {
        return stored(tenant)
                .flatMap(keysets -> build(tenant, keysets))
                .map(read -> known.merge(tenant, read, CachedKeys::newer))
                // before the answer goes out: whoever asks again because of it gets a newer one
                .doOnTerminate(() -> loading.remove(tenant))
                .cache();
    }

    private Mono<Map<Kind, Wrapped>> stored(TenantId tenant) {
        return read(tenant).flatMap(found -> {
            List<Kind> missing = Arrays.stream(Kind.values())
                    .filter(kind -> !found.containsKey(kind))
                    .toList();
            return missing.isEmpty()
                    ? Mono.just(found)
                    : Flux.fromIterable(missing)
                            .concatMap(kind -> generate(tenant, kind))
                            .collectList()
                            .flatMap(store::create)
                            // another node may have been faster
                            .then(read(tenant));
        });
    }

    private Mono<Map<Kind, Wrapped>> read(TenantId tenant) {
        return store.of(tenant).map(keysets -> {
            Map<Kind, Wrapped> found = new EnumMap<>(Kind.class);
            keysets.forEach(keyset -> found.put(keyset.kind(), keyset));
            return found;
        });
    }

    private Mono<Wrapped> generate(TenantId tenant, Kind kind) {
        return Mono.fromCallable(() -> KeysetHandle.generateNew(parameters(kind), KeyEncryption.configuration(kind)))
                .subscribeOn(scheduler)
                .flatMap(keys -> encryption.wrap(tenant, kind, 1, keys));
    }

    static Parameters parameters(Kind kind) {
        return switch (kind) {
            case AEAD -> PredefinedAeadParameters.AES256_GCM;
            case PRF -> PredefinedPrfParameters.HMAC_SHA256_PRF;
        };
    }

    private Mono<TenantKeys> build(TenantId tenant, Map<Kind, Wrapped> keysets) {
        Wrapped aead = required(keysets, Kind.AEAD);
        Wrapped prf = required(keysets, Kind.PRF);
        return Mono.zip(encryption.unwrap(aead), encryption.unwrap(prf)).map(handles -> {
            try {
                return new TinkTenantKeys(tenant, aead.version(), handles.getT1(), prf.version(), handles.getT2());
            } catch (GeneralSecurityException e) {
                throw new KeysUnusable("The keysets of tenant " + tenant + " cannot be used", e);
            }
        });
    }

    private static Wrapped required(Map<Kind, Wrapped> keysets, Kind kind) {
        Wrapped keyset = keysets.get(kind);
        if (keyset == null) {
            throw new IllegalStateException("No " + kind + " keyset");
        }
        return keyset;
    }

    private static TenantKeys newer(TenantKeys one, TenantKeys other) {
        return other.aeadVersion() + other.prfVersion() > one.aeadVersion() + one.prfVersion() ? other : one;
    }

    private Mono<Void> poll() {
        return Mono.fromCallable(() -> known.values().stream()
                        .map(keys -> new Versions(keys.tenant(), keys.aeadVersion(), keys.prfVersion()))
                        .toList())
                .filter(versions -> !versions.isEmpty())
                .flatMap(store::changed)
                .flatMapIterable(changed -> changed)
                .concatMap(this::refresh)
                .then();
    }

    @Override
    public void start() {
        polling = Flux.interval(POLL, scheduler)
                .onBackpressureDrop()
                .concatMap(tick -> poll(), 1)
                .retryWhen(Retry.fixedDelay(Long.MAX_VALUE, POLL)
                        .doBeforeRetry(failure -> LOGGER.atDebug()
                                .setCause(failure.failure())
                                .log("Versions of keysets cannot be read; asking again")))
                .subscribe();
    }

    @Override
    public void stop() {
        Disposable running = polling;
        if (running != null) {
            running.dispose();
            polling = null;
        }
    }

    @Override
    public boolean isRunning() {
        return polling != null;
    }
}
