// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import eu.aval.server.access.oidc.Rejection.Rejected;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

final class SigningKeysTests {

    private static final RSAKey FIRST = SigningIssuer.newKey();
    private static final RSAKey SECOND = SigningIssuer.newKey();

    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger fetches = new AtomicInteger();
    private volatile Mono<JWKSet> published = Mono.just(new JWKSet(FIRST));
    private final SigningKeys keys = new SigningKeys(
            OidcSettingsTests.issuer("https://login.example.com"),
            Mono.defer(() -> {
                fetches.incrementAndGet();
                return published;
            }),
            now::get);

    @Test
    void fetchesOnceForAllWhoWait() {
        Sinks.One<JWKSet> answer = Sinks.one();
        published = answer.asMono();
        Mono<List<JWK>> both = keys.named(FIRST.getKeyID()).zipWith(keys.named(FIRST.getKeyID()), (one, other) -> one);

        StepVerifier.create(both)
                .then(() -> answer.tryEmitValue(new JWKSet(FIRST)))
                .assertNext(found -> assertThat(found).hasSize(1))
                .verifyComplete();

        assertThat(fetches).hasValue(1);
        StepVerifier.create(keys.named(FIRST.getKeyID())).expectNextCount(1).verifyComplete();
        assertThat(fetches).hasValue(1);
    }

    @Test
    void fetchesAnewOnceTheyAreOldWithoutMakingAnybodyWait() {
        keys.named(FIRST.getKeyID()).block(Duration.ofSeconds(5));
        Sinks.One<JWKSet> answer = Sinks.one();
        published = answer.asMono();
        now.addAndGet(Duration.ofMinutes(6).toNanos());

        StepVerifier.create(keys.named(FIRST.getKeyID())).expectNextCount(1).verifyComplete();
        answer.tryEmitValue(new JWKSet(SECOND));

        assertThat(fetches).hasValue(2);
        assertThat(rejected(FIRST.getKeyID())).as("it has been withdrawn").isEqualTo(Rejection.UNKNOWN_KEY);
    }

    @Test
    void believesNoKeyForEverWhileTheIssuerDoesNotAnswer() {
        keys.named(FIRST.getKeyID()).block(Duration.ofSeconds(5));
        published = Mono.error(new IllegalStateException("down"));

        now.addAndGet(Duration.ofHours(11).toNanos());
        StepVerifier.create(keys.named(FIRST.getKeyID())).expectNextCount(1).verifyComplete();
        now.addAndGet(Duration.ofHours(2).toNanos());
        assertThat(rejected(FIRST.getKeyID())).isEqualTo(Rejection.ISSUER_UNAVAILABLE);
    }

    @Test
    void cannotTellWhetherAKeyIsThereWhileTheIssuerDoesNotAnswer() {
        keys.named(FIRST.getKeyID()).block(Duration.ofSeconds(5));
        published = Mono.error(new IllegalStateException("down"));

        assertThat(rejected(SECOND.getKeyID())).isEqualTo(Rejection.ISSUER_UNAVAILABLE);
    }

    @Test
    void asksAFewTimesAtOnceForKeysThatNobodyHas() {
        List<Rejection> answers =
                Flux.range(0, 50).map(i -> rejected("guess-" + i)).collectList().block(Duration.ofSeconds(5));

        assertThat(answers).containsOnly(Rejection.UNKNOWN_KEY);
        assertThat(fetches.get()).isBetween(1, SigningKeys.BURST + 1);
    }

    @Test
    void usesNoKeyThatIsNotForSignaturesOrThatIsASecret() {
        published = Mono.just(new JWKSet(List.of(
                new RSAKey.Builder(FIRST).keyUse(KeyUse.ENCRYPTION).build(),
                new OctetSequenceKey.Builder(Base64URL.encode("a secret of 256 bits, more or less"))
                        .keyID("shared")
                        .build(),
                SECOND)));

        StepVerifier.create(keys.named(null))
                .assertNext(found -> assertThat(found)
                        .singleElement()
                        .satisfies(key -> assertThat(key.getKeyID()).isEqualTo(SECOND.getKeyID()))
                        .satisfies(key -> assertThat(key.isPrivate()).isFalse()))
                .verifyComplete();
        assertThat(rejected("shared")).isEqualTo(Rejection.UNKNOWN_KEY);
    }

    private Rejection rejected(String id) {
        return keys.named(id)
                .map(found -> Rejection.MALFORMED)
                .onErrorResume(Rejected.class, rejected -> Mono.just(rejected.reason()))
                .blockOptional()
                .orElseThrow();
    }
}
