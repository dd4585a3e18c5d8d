// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import eu.aval.server.access.Credential.Fingerprint;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Remembers for a few seconds what a credential proved, so that a busy application costs a look-up every other second
 * and not one per request. A credential in use is looked up again before it is forgotten, without making a request wait.
 *
 * <p>Guessing costs the database little: what cannot be a credential is refused unseen, what proved unknown is remembered
 * (bounded), and few look-ups run at a time. Guessing does not succeed either: a secret has 256 bits.
 */
final class VerifiedCredentials<T> {

    /** How long a revoked credential may still work on another node. */
    static final Duration LONGEST = Duration.ofSeconds(4);

    private static final Duration FRESH = Duration.ofSeconds(2);
    private static final int MAXIMUM_LOOKUPS = 64;

    /** What a credential proved. */
    record Entry<T>(T holder, @Nullable Instant expiresAt) {

        boolean isExpired() {
            return expiresAt != null && !Instant.now().isBefore(expiresAt);
        }
    }

    private record Remembered<T>(@Nullable Entry<T> entry, long since, AtomicBoolean renewing) {}

    private final Function<Credential, Mono<Entry<T>>> look;
    private final LongSupplier nanos;
    private final AsyncCache<Fingerprint, Remembered<T>> known;
    private final Cache<Fingerprint, Boolean> unknown;
    private final Semaphore lookups = new Semaphore(MAXIMUM_LOOKUPS);
    private final AtomicLong generation = new AtomicLong();

    /** @param look reads a credential from the database; empty when it proves nothing */
    VerifiedCredentials(Function<Credential, Mono<Entry<T>>> look, LongSupplier nanos) {
        this.look = look;
        this.nanos = nanos;
        this.known = Caffeine.newBuilder()
                .ticker(nanos::getAsLong)
                .expireAfterWrite(LONGEST)
                .maximumSize(50_000)
                .buildAsync();
        this.unknown = Caffeine.newBuilder()
                .ticker(nanos::getAsLong)
                .expireAfterWrite(Duration.ofMinutes(1))
                .maximumSize(10_000)
                .build();
    }

    /** Empty when the credential is unknown, revoked or expired. */
    Mono<T> get(Credential credential) {
        var fingerprint = credential.fingerprint();
        if (unknown.getIfPresent(fingerprint) != null) {
            return Mono.empty();
        }
        var future = known.get(fingerprint, (key, executor) -> load(key, credential));
        if (future.isDone() && !future.isCompletedExceptionally()) {
            return holder(renewed(future.resultNow(), fingerprint, credential));
        }
        return Mono.fromFuture(future, true).flatMap(this::holder);
    }

    /** Forgets everything it remembers to be good: something was revoked. */
    void forget() {
        generation.incrementAndGet();
        known.synchronous().invalidateAll();
    }

    private Remembered<T> renewed(Remembered<T> remembered, Fingerprint fingerprint, Credential credential) {
        if (nanos.getAsLong() - remembered.since() > FRESH.toNanos()
                && remembered.renewing().compareAndSet(false, true)) {
            long before = generation.get();
            look(fingerprint, credential)
                    .filter(fresh -> generation.get() == before)
                    .subscribe(fresh -> known.put(fingerprint, CompletableFuture.completedFuture(fresh)), failure -> {
                        // the next request after the old answer has expired looks again, and is told
                    });
        }
        return remembered;
    }

    private Mono<T> holder(Remembered<T> remembered) {
        var entry = remembered.entry();
        return entry == null || entry.isExpired() ? Mono.empty() : Mono.just(entry.holder());
    }

    private CompletableFuture<Remembered<T>> load(Fingerprint fingerprint, Credential credential) {
        var future = new CompletableFuture<Remembered<T>>();
        look(fingerprint, credential).subscribe(future::complete, future::completeExceptionally);
        return future;
    }

    private Mono<Remembered<T>> look(Fingerprint fingerprint, Credential credential) {
        if (!lookups.tryAcquire()) {
            return Mono.error(new Problem(
                    ProblemType.OVERLOADED, "Too many credentials to check", List.of(), Duration.ofSeconds(1)));
        }
        return look.apply(credential)
                .map(entry -> new Remembered<>(entry, nanos.getAsLong(), new AtomicBoolean()))
                .switchIfEmpty(Mono.fromSupplier(() -> {
                    unknown.put(fingerprint, true);
                    return new Remembered<>(null, nanos.getAsLong(), new AtomicBoolean(true));
                }))
                .doFinally(signal -> lookups.release());
    }
}
