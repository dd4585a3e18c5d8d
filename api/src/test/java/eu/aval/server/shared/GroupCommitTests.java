// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.shared;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.shared.GroupCommit.Limits;
import eu.aval.server.shared.GroupCommit.Outcome;
import eu.aval.server.shared.GroupCommit.Remedy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

final class GroupCommitTests {

    private static final Limits LIMITS = new Limits(2, 2, 1, 10, 100, Duration.ofSeconds(30));

    private final List<List<Integer>> batches = new CopyOnWriteArrayList<>();
    private final Sinks.One<Boolean> gate = Sinks.one();

    @Test
    void startsAtOnceWhileSlotsAreFree() {
        GroupCommit<String, Integer, Integer> commit = commit(LIMITS, Remedy.FAIL, this::doubled);

        StepVerifier.create(commit.submit("a", 21)).expectNext(42).verifyComplete();

        assertThat(batches).containsExactly(List.of(21));
    }

    @Test
    void joinsWhatArrivesWhileTheSlotsAreTaken() {
        GroupCommit<String, Integer, Integer> commit =
                commit(LIMITS, Remedy.FAIL, items -> gate.asMono().then(doubled(items)));

        StepVerifier.create(
                        Flux.range(0, 14).flatMap(i -> commit.submit("a", i)).collectList())
                .then(() -> gate.tryEmitValue(true))
                .assertNext(answers -> assertThat(answers).hasSize(14).contains(0, 26))
                .verifyComplete();

        assertThat(batches).hasSize(4);
        assertThat(batches.get(2)).isEqualTo(List.of(2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
        assertThat(batches.get(3)).isEqualTo(List.of(12, 13));
    }

    @Test
    void bringsTogetherCallersWhoComeBackWhenTheyAreAnswered() {
        GroupCommit<String, Integer, Integer> commit = commit(
                new Limits(1, 1, 1, 10, 100, Duration.ofSeconds(30)),
                Remedy.FAIL,
                items -> Mono.delay(Duration.ofMillis(10)).then(doubled(items)));
        Flux<Integer> caller = Flux.range(0, 20).concatMap(i -> commit.submit("a", i));

        StepVerifier.create(Flux.merge(caller, caller)).expectNextCount(40).verifyComplete();

        assertThat(batches).hasSizeLessThan(30);
    }

    @Test
    void collectsWhatArrivesUntilItIsWorthABatchBesideAnother() {
        GroupCommit<String, Integer, Integer> commit = commit(
                new Limits(2, 2, 3, 10, 100, Duration.ofSeconds(30)),
                Remedy.FAIL,
                items -> gate.asMono().then(doubled(items)));

        for (int i = 1; i <= 6; i++) {
            commit.submit("a", i).subscribe();
        }

        assertThat(batches).containsExactly(List.of(1), List.of(2, 3, 4));
    }

    @Test
    void doesNotLetABatchThatIsStuckHoldUpItsLane() {
        GroupCommit<String, Integer, Integer> commit = commit(
                new Limits(2, 2, 50, 10, 100, Duration.ofSeconds(30)),
                Remedy.FAIL,
                items -> items.contains(1) ? gate.asMono().then(doubled(items)) : doubled(items));
        commit.submit("a", 1).subscribe();

        StepVerifier.create(commit.submit("a", 2)).expectNext(4).verifyComplete();
    }

    @Test
    void bringsTogetherWhatNobodyWaitsFor() {
        GroupCommit<String, Integer, Integer> commit = commit(
                new Limits(1, 1, 1, 3, 100, Duration.ofSeconds(30), Duration.ofDays(1)), Remedy.FAIL, this::doubled);

        for (int i = 1; i <= 6; i++) {
            commit.submit("a", i).subscribe();
        }
        assertThat(batches).containsExactly(List.of(1), List.of(2, 3, 4));
        commit.close().block(Duration.ofSeconds(30));

        assertThat(batches).containsExactly(List.of(1), List.of(2, 3, 4), List.of(5, 6));
    }

    @Test
    void startsWhatWasToComeTogetherWhenItIsTime() {
        GroupCommit<String, Integer, Integer> commit = commit(
                new Limits(1, 1, 1, 10, 100, Duration.ofSeconds(30), Duration.ofSeconds(1)),
                Remedy.FAIL,
                this::doubled);

        commit.submit("a", 1).subscribe();
        commit.submit("a", 2).subscribe();

        StepVerifier.create(commit.submit("a", 3)).expectNext(6).verifyComplete();
        assertThat(batches).containsExactly(List.of(1), List.of(2, 3));
    }

    @Test
    void letsLanesTakeTurns() {
        GroupCommit<String, Integer, Integer> commit = commit(
                new Limits(1, 1, 1, 10, 100, Duration.ofSeconds(30)),
                Remedy.FAIL,
                items -> gate.asMono().then(doubled(items)));

        for (int i = 0; i < 40; i++) {
            commit.submit("busy", i).subscribe();
        }
        commit.submit("quiet", 99).subscribe();
        gate.tryEmitValue(true);

        assertThat(batches.indexOf(List.of(99))).isEqualTo(1);
    }

    @Test
    void keepsASlotFreeForOtherLanes() {
        GroupCommit<String, Integer, Integer> commit = commit(
                new Limits(2, 1, 1, 10, 100, Duration.ofSeconds(30)),
                Remedy.FAIL,
                items -> items.contains(7) ? doubled(items) : gate.asMono().then(doubled(items)));

        commit.submit("stuck", 1).subscribe();
        commit.submit("stuck", 2).subscribe();

        StepVerifier.create(commit.submit("other", 7)).expectNext(14).verifyComplete();
    }

    @Test
    void carriesOutWhatItsCallerCancelled() {
        GroupCommit<String, Integer, Integer> commit = commit(
                new Limits(1, 1, 1, 10, 100, Duration.ofSeconds(30)),
                Remedy.FAIL,
                items -> gate.asMono().then(doubled(items)));

        commit.submit("a", 1).subscribe().dispose();
        commit.submit("a", 2).subscribe().dispose();
        gate.tryEmitValue(true);
        commit.close().block(Duration.ofSeconds(30));

        assertThat(batches).containsExactly(List.of(1), List.of(2));
    }

    @Test
    void refusesWhatItCannotHold() {
        GroupCommit<String, Integer, Integer> commit = commit(
                new Limits(1, 1, 1, 10, 2, Duration.ofSeconds(30)),
                Remedy.FAIL,
                items -> gate.asMono().then(doubled(items)));
        for (int i = 0; i < 3; i++) {
            commit.submit("a", i).subscribe();
        }

        StepVerifier.create(commit.submit("a", 4))
                .verifyErrorSatisfies(error -> assertThat(error).isInstanceOfSatisfying(Problem.class, problem -> {
                    assertThat(problem.type()).isEqualTo(ProblemType.OVERLOADED);
                    assertThat(problem.retryAfter()).isNotNull();
                }));
    }

    @Test
    void dismissesWhoWaitsTooLongForASlot() {
        GroupCommit<String, Integer, Integer> commit = commit(
                new Limits(1, 1, 1, 10, 100, Duration.ofMillis(50)),
                Remedy.FAIL,
                items -> gate.asMono().then(doubled(items)));
        commit.submit("a", 1).subscribe();

        StepVerifier.create(commit.submit("a", 2))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(
                                Problem.class,
                                problem -> assertThat(problem.type()).isEqualTo(ProblemType.STORE_UNAVAILABLE)));

        gate.tryEmitValue(true);
        assertThat(batches).containsExactly(List.of(1));
    }

    @Test
    void splitsUntilTheItemAtFaultStandsAlone() {
        GroupCommit<String, Integer, Integer> commit = commit(
                LIMITS,
                Remedy.SPLIT,
                items -> items.contains(3) ? Mono.error(new IllegalArgumentException("3")) : doubled(items));

        StepVerifier.create(commit.submitAll("a", List.of(1, 2, 3, 4, 5)))
                .assertNext(outcomes -> assertThat(outcomes)
                        .hasSize(5)
                        .contains(new Outcome.Done<>(2), new Outcome.Done<>(10))
                        .element(2)
                        .isInstanceOf(Outcome.Failed.class))
                .verifyComplete();
    }

    @Test
    void repeatsWhatFailedInPassing() {
        AtomicInteger calls = new AtomicInteger();
        GroupCommit<String, Integer, Integer> commit = commit(
                LIMITS,
                Remedy.RETRY,
                items -> calls.incrementAndGet() < 3 ? Mono.error(new IllegalStateException()) : doubled(items));

        StepVerifier.create(commit.submit("a", 4)).expectNext(8).verifyComplete();

        assertThat(calls).hasValue(3);
    }

    @Test
    void completesItsClosingWhenEverythingHasEnded() {
        GroupCommit<String, Integer, Integer> commit = commit(
                new Limits(1, 1, 1, 10, 100, Duration.ofSeconds(30)),
                Remedy.FAIL,
                items -> gate.asMono().then(doubled(items)));
        commit.submit("a", 1).subscribe();
        commit.submit("a", 2).subscribe();

        StepVerifier.create(commit.close())
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(20))
                .then(() -> gate.tryEmitValue(true))
                .verifyComplete();

        assertThat(batches).containsExactly(List.of(1), List.of(2));
        StepVerifier.create(commit.submit("a", 3)).verifyError(Problem.class);
    }

    @Test
    void answersEveryoneUnderConcurrency() {
        GroupCommit<String, Integer, Integer> commit = commit(
                new Limits(4, 3, 1, 50, 100_000, Duration.ofSeconds(30)),
                Remedy.FAIL,
                items -> Mono.delay(Duration.ofMillis(1)).then(doubled(items)));

        StepVerifier.create(Flux.range(0, 20_000)
                        .flatMap(i -> commit.submit("lane" + i % 7, i).map(result -> result - 2 * i), 1_000)
                        .distinct()
                        .collectList())
                .expectNext(List.of(0))
                .verifyComplete();

        assertThat(commit.waiting()).isZero();
    }

    private GroupCommit<String, Integer, Integer> commit(
            Limits limits, Remedy remedy, java.util.function.Function<List<Integer>, Mono<List<Integer>>> work) {
        return new GroupCommit<>(
                (lane, items) -> {
                    batches.add(List.copyOf(items));
                    return work.apply(items);
                },
                error -> remedy,
                limits,
                (items, waited, took, succeeded) -> {});
    }

    private Mono<List<Integer>> doubled(List<Integer> items) {
        List<Integer> doubled = new ArrayList<>();
        items.forEach(item -> doubled.add(2 * item));
        return Mono.just(doubled);
    }
}
