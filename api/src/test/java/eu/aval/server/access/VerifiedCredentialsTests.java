// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.access.VerifiedCredentials.Entry;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

final class VerifiedCredentialsTests {

    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicLong now = new AtomicLong(1);
    private final Credential credential = Credential.random("live", new SecureRandom());
    private Mono<Entry<String>> answer = Mono.just(new Entry<>("ann", null));
    private final VerifiedCredentials<String> verified = new VerifiedCredentials<>(
            asked -> Mono.defer(() -> {
                looks.incrementAndGet();
                return answer;
            }),
            now::get);

    @Test
    void looksOnceForManyRequests() {
        for (int i = 0; i < 10; i++) {
            StepVerifier.create(verified.get(credential)).expectNext("ann").verifyComplete();
        }

        assertThat(looks).hasValue(1);
    }

    @Test
    void looksOnceForManyRequestsAtTheSameTime() {
        Sinks.One<Entry<String>> pending = Sinks.one();
        answer = pending.asMono();
        List<String> holders = new ArrayList<>();

        for (int i = 0; i < 10; i++) {
            verified.get(credential).subscribe(holders::add);
        }
        pending.tryEmitValue(new Entry<>("ann", null));

        assertThat(holders).hasSize(10).containsOnly("ann");
        assertThat(looks).hasValue(1);
    }

    @Test
    void renewsWhatIsInUseWithoutLettingARequestWait() {
        StepVerifier.create(verified.get(credential)).expectNext("ann").verifyComplete();
        answer = Mono.never();
        pass(Duration.ofSeconds(3));

        StepVerifier.create(verified.get(credential)).expectNext("ann").verifyComplete();
        StepVerifier.create(verified.get(credential)).expectNext("ann").verifyComplete();

        assertThat(looks).hasValue(2);
    }

    @Test
    void forgetsWithinTheLongestTime() {
        StepVerifier.create(verified.get(credential)).expectNext("ann").verifyComplete();
        answer = Mono.empty();
        pass(VerifiedCredentials.LONGEST);

        StepVerifier.create(verified.get(credential)).verifyComplete();
    }

    @Test
    void forgetsAtOnceWhenToldTo() {
        StepVerifier.create(verified.get(credential)).expectNext("ann").verifyComplete();
        answer = Mono.empty();

        verified.forget();

        StepVerifier.create(verified.get(credential)).verifyComplete();
    }

    @Test
    void doesNotKeepWhatWasReadBeforeARevocation() {
        StepVerifier.create(verified.get(credential)).expectNext("ann").verifyComplete();
        Sinks.One<Entry<String>> renewal = Sinks.one();
        answer = renewal.asMono();
        pass(Duration.ofSeconds(3));
        StepVerifier.create(verified.get(credential)).expectNext("ann").verifyComplete();

        verified.forget();
        renewal.tryEmitValue(new Entry<>("ann", null));
        answer = Mono.empty();

        StepVerifier.create(verified.get(credential)).verifyComplete();
    }

    @Test
    void refusesAnExpiredCredentialThatItRemembers() {
        answer = Mono.just(new Entry<>("ann", Instant.now().minusMillis(1)));

        StepVerifier.create(verified.get(credential)).verifyComplete();
        StepVerifier.create(verified.get(credential)).verifyComplete();

        assertThat(looks).hasValue(1);
    }

    @Test
    void asksOnceAMinuteForWhatProvesNothing() {
        answer = Mono.empty();

        StepVerifier.create(verified.get(credential)).verifyComplete();
        pass(Duration.ofSeconds(59));
        StepVerifier.create(verified.get(credential)).verifyComplete();
        assertThat(looks).hasValue(1);

        pass(Duration.ofSeconds(2));
        StepVerifier.create(verified.get(credential)).verifyComplete();
        assertThat(looks).hasValue(2);
    }

    @Test
    void doesNotRememberThatTheDatabaseWasAway() {
        answer = Mono.error(new Problem(ProblemType.STORE_UNAVAILABLE, "away"));
        StepVerifier.create(verified.get(credential)).verifyError(Problem.class);

        answer = Mono.just(new Entry<>("ann", null));

        StepVerifier.create(verified.get(credential)).expectNext("ann").verifyComplete();
    }

    @Test
    void looksForFewAtATime() {
        answer = Mono.never();
        SecureRandom random = new SecureRandom();
        for (int i = 0; i < 64; i++) {
            verified.get(Credential.random("live", random)).subscribe();
        }

        StepVerifier.create(verified.get(credential))
                .verifyErrorSatisfies(
                        error -> assertThat(((Problem) error).type()).isEqualTo(ProblemType.OVERLOADED));
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
