// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.oidc;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.KeyUse;
import eu.aval.server.access.oidc.OidcSettings.Issuer;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * The public keys of one issuer, kept in memory. They are fetched at the first token, anew once they are old, and when a
 * token names a key that is not among them: a few times at once, then once in {@link #REFETCH}, whoever asks. While the
 * issuer does not answer, those that are known still count for some hours.
 */
final class SigningKeys {

    static final Duration REFETCH = Duration.ofSeconds(10);
    static final int BURST = 4;

    private static final Logger log = LoggerFactory.getLogger(SigningKeys.class);

    private static final Set<KeyType> ASYMMETRIC = Set.of(KeyType.RSA, KeyType.EC);

    private record Known(List<JWK> keys, long since) {}

    private final Issuer issuer;
    private final Mono<JWKSet> published;
    private final LongSupplier nanos;
    private final Bucket fetches;
    private final AtomicReference<@Nullable Mono<Known>> underWay = new AtomicReference<>();
    private volatile @Nullable Known known;
    private volatile boolean failed;

    /** @param published reads them from the issuer */
    SigningKeys(Issuer issuer, Mono<JWKSet> published, LongSupplier nanos) {
        this.issuer = issuer;
        this.published = published;
        this.nanos = nanos;
        this.fetches = Bucket.builder()
                .addLimit(Bandwidth.builder()
                        .capacity(BURST)
                        .refillGreedy(1, REFETCH)
                        .build())
                .build();
    }

    /**
     * Those that a token may be signed with: at least one.
     *
     * @param id of the key that it names; null when it names none
     * @return an error {@link Rejection.Rejected} UNKNOWN_KEY or ISSUER_UNAVAILABLE
     */
    Mono<List<JWK>> named(@Nullable String id) {
        return Mono.defer(() -> {
                    Known now = known;
                    if (now == null || isOlder(now, issuer.staleKeysFor())) {
                        return fetched().map(fresh -> of(fresh, id));
                    }
                    if (of(now, id).isEmpty()) {
                        return fetched().map(fresh -> of(fresh, id));
                    }
                    if (isOlder(now, issuer.keysFor())) {
                        fetched().subscribe(fresh -> {}, failure -> {
                            // those that are known are still good
                        });
                    }
                    return Mono.just(of(now, id));
                })
                .filter(keys -> !keys.isEmpty())
                .switchIfEmpty(Mono.error(Rejection.UNKNOWN_KEY::asException));
    }

    /** One fetch at a time, however many wait for it. */
    private Mono<Known> fetched() {
        return Mono.defer(() -> {
            Mono<Known> running = underWay.get();
            if (running != null) {
                return running;
            }
            if (!fetches.tryConsume(1)) {
                return Mono.error(
                        (failed || known == null ? Rejection.ISSUER_UNAVAILABLE : Rejection.UNKNOWN_KEY).asException());
            }
            Mono<Known> mine = published
                    .map(set -> new Known(usable(set), nanos.getAsLong()))
                    .doOnNext(fresh -> {
                        known = fresh;
                        failed = false;
                    })
                    .onErrorMap(failure -> {
                        failed = true;
                        // without its message: it may quote what came
                        log.warn(
                                "The keys of {} cannot be read: {}",
                                issuer.issuer(),
                                failure.getClass().getSimpleName());
                        return Rejection.ISSUER_UNAVAILABLE.asException();
                    })
                    .doFinally(end -> underWay.set(null))
                    .cache();
            return underWay.compareAndSet(null, mine) ? mine : fetched();
        });
    }

    private boolean isOlder(Known keys, Duration age) {
        return nanos.getAsLong() - keys.since() > age.toNanos();
    }

    private static List<JWK> of(Known keys, @Nullable String id) {
        return id == null
                ? keys.keys()
                : keys.keys().stream().filter(key -> id.equals(key.getKeyID())).toList();
    }

    /** Whatever else an issuer publishes: a secret that it shares would let whoever knows it sign. */
    private static List<JWK> usable(JWKSet set) {
        return set.getKeys().stream()
                .filter(key -> ASYMMETRIC.contains(key.getKeyType()))
                .filter(key -> key.getKeyUse() == null || KeyUse.SIGNATURE.equals(key.getKeyUse()))
                .map(JWK::toPublicJWK)
                .toList();
    }
}
