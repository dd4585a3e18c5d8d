// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.account;

import static eu.aval.server.carrier.account.CarrierSetup.PATIENCE;
import static eu.aval.server.carrier.account.CarrierSetup.account;
import static eu.aval.server.carrier.account.CarrierSetup.await;
import static eu.aval.server.carrier.account.CarrierSetup.request;
import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.carrier.CarrierAccount;
import eu.aval.server.carrier.plugin.TestPlugin;
import eu.aval.server.carrier.store.AccountRow;
import eu.aval.spi.failure.CarrierError;
import eu.aval.spi.submit.SubmitOutcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

final class HostedAccountsTests {

    @TempDir
    private Path directory;

    private CarrierSetup carriers;

    @BeforeEach
    void start() {
        carriers = CarrierSetup.in(directory);
    }

    @AfterEach
    void stop() {
        carriers.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "throw new IllegalStateException(\"+33600000000\");|PLUGIN_ERROR",
                "throw new NoClassDefFoundError(\"x\");|PLUGIN_ERROR",
                "return null;|PLUGIN_ERROR",
                "return Mono.empty();|PLUGIN_ERROR",
                "return Mono.error(new RuntimeException(\"+33600000000\"));|PLUGIN_ERROR",
                "return Mono.never();|TIMEOUT",
                "return Mono.delay(Duration.ofSeconds(60)).thenReturn(SubmitOutcome.accepted(\"late\"));|TIMEOUT",
                "try { Thread.sleep(60000); } catch (InterruptedException e) {} return Mono.empty();|TIMEOUT",
                "while (true) { try { Thread.sleep(60000); } catch (InterruptedException e) { break; } }"
                        + " return Mono.never();|TIMEOUT",
            })
    void turnsEveryFailureOfAPluginIntoUncertain(String body, SubmitOutcome.Uncertain.Cause cause) throws IOException {
        carriers.install(new TestPlugin("bad", "1.0.0").with("submit", body).with("timeout", timeout(cause)));
        carriers.install(new TestPlugin("good", "1.0.0"));
        var bad = carriers.opened(account("bad"));
        var good = carriers.opened(account("good"));

        StepVerifier.create(Mono.zip(bad.submit(request(), 1), good.submit(request(), 1)))
                .assertNext(both -> {
                    assertThat(both.getT1()).isInstanceOfSatisfying(SubmitOutcome.Uncertain.class, uncertain -> {
                        assertThat(uncertain.cause()).isEqualTo(cause);
                        assertThat(uncertain.error().toString()).doesNotContain("+336");
                    });
                    assertThat(both.getT2()).isInstanceOf(SubmitOutcome.Accepted.class);
                })
                .expectComplete()
                .verify(PATIENCE);
        StepVerifier.create(Flux.range(0, 50).flatMap(i -> good.submit(request(), 1), 10))
                .thenConsumeWhile(SubmitOutcome.Accepted.class::isInstance)
                .expectComplete()
                .verify(PATIENCE);
        await(good::available);
    }

    /** Long enough for a submit to be begun on a machine that is busy, and no shorter where it is not waited for. */
    static String timeout(SubmitOutcome.Uncertain.Cause expected) {
        return expected == SubmitOutcome.Uncertain.Cause.TIMEOUT ? "Duration.ofSeconds(2)" : "Duration.ofSeconds(60)";
    }

    @ParameterizedTest
    @CsvSource({"\"a\\0b\"", "\"x\".repeat(1001)"})
    void isUncertainOfWhatHasAnIdThatNobodyCanKeep(String id) throws IOException {
        carriers.install(
                new TestPlugin("bad", "1.0.0").with("submit", "return Mono.just(SubmitOutcome.accepted(" + id + "));"));

        StepVerifier.create(carriers.opened(account("bad")).submit(request(), 1))
                .assertNext(outcome -> assertThat(outcome)
                        .isInstanceOfSatisfying(SubmitOutcome.Uncertain.class, uncertain -> {
                            assertThat(uncertain.cause()).isEqualTo(SubmitOutcome.Uncertain.Cause.UNREADABLE_ANSWER);
                            assertThat(uncertain.acceptedIds()).isEmpty();
                        }))
                .expectComplete()
                .verify(PATIENCE);
    }

    @ParameterizedTest
    @CsvSource({"Long.MAX_VALUE, P1D", "-5,"})
    void waitsAsLongAsCanBeMeant(String seconds, @Nullable Duration wait) throws IOException {
        carriers.install(new TestPlugin("bad", "1.0.0")
                .with(
                        "submit",
                        "return Mono.just(SubmitOutcome.throttled(Duration.ofSeconds(" + seconds
                                + "), CarrierError.of(\"429\\0\")));"));

        StepVerifier.create(carriers.opened(account("bad")).submit(request(), 1))
                .expectNext(SubmitOutcome.throttled(wait, CarrierError.of("429")))
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void goesOnAskingAPluginThatDidNotTellItsThroughput() throws IOException {
        String silent = "test.silent-" + UUID.randomUUID();
        carriers.install(new TestPlugin("bad", "1.0.0")
                .with(
                        "timeout",
                        "Duration.ZERO) == null ? null : (Boolean.getBoolean(\"" + silent
                                + "\") ? null : new Throughput(0, 20, Duration.ofSeconds(30))"));
        var account = carriers.opened(account("bad"));
        System.setProperty(silent, "true");
        await(() -> account.health().detail().contains("failed"));
        System.setProperty(silent, "false");
        await(() -> account.health().detail().equals("well"));
    }

    @Test
    void tellsWhatWaitedBehindABlockedThreadFromWhatWasBegun() throws IOException {
        carriers.install(new TestPlugin("bad", "1.0.0")
                .with("submit", "try { Thread.sleep(60000); } catch (InterruptedException e) {} return Mono.never();")
                .with("timeout", "Duration.ofSeconds(2)"));
        var account = carriers.opened(account("bad"));

        StepVerifier.create(Flux.range(0, 3)
                        .flatMap(i -> account.submit(request(), 1))
                        .collectList())
                .assertNext(outcomes -> {
                    assertThat(outcomes)
                            .filteredOn(SubmitOutcome.Uncertain.class::isInstance)
                            .hasSize(1);
                    assertThat(outcomes)
                            .filteredOn(SubmitOutcome.Unavailable.class::isInstance)
                            .hasSize(2);
                })
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void freesThePlaceBeforeItTellsTheOutcome() throws IOException {
        carriers.install(new TestPlugin("test", "1.0.0"));
        var account = carriers.opened(account("test", 1));

        StepVerifier.create(account.submit(request(), 1).map(outcome -> account.freeSubmits()))
                .expectNext(1)
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void narrowsTheWindowWithoutWaitingForWhatIsUnderWay() throws IOException {
        carriers.install(new TestPlugin("test", "1.0.0")
                .with("submit", "return Mono.never();")
                .with("timeout", "Duration.ofMinutes(5)"));
        var row = account("test", 4);
        var account = carriers.opened(row);
        var outcomes = Flux.range(0, 4)
                .flatMap(i -> account.submit(request(), 1))
                .collectList()
                .toFuture();
        await(() -> account.freeSubmits() == 0);

        carriers.bring(new AccountRow(
                row.id(),
                row.name(),
                row.carrierId(),
                row.configuration(),
                row.secrets(),
                true,
                null,
                1,
                null,
                row.processing(),
                2,
                row.updatedAt()));

        await(() -> account.throughput().maximumInFlight() == 1);
        StepVerifier.create(Mono.fromFuture(outcomes))
                .assertNext(ended -> assertThat(ended).hasSize(4))
                .expectComplete()
                .verify(PATIENCE);
        await(() -> account.freeSubmits() == 1);
    }

    @Test
    void opensTheBreakerAndStopsCallingThePlugin() throws IOException {
        carriers.install(
                new TestPlugin("bad", "1.0.0")
                        .with(
                                "submit",
                                "context.count(\"calls\"); return Mono.just(SubmitOutcome.unavailable(CarrierError.of(\"x\")));"));
        var account = carriers.opened(account("bad"));

        StepVerifier.create(Flux.range(0, 100)
                        .concatMap(i -> account.submit(request(), 1))
                        .then())
                .expectComplete()
                .verify(PATIENCE);

        assertThat(account.breaker()).isEqualTo(CarrierAccount.Breaker.OPEN);
        assertThat(account.available()).isFalse();
        assertThat(carriers.registry().get("sms.carrier.calls").counter().count())
                .isEqualTo(10);
        assertThat(carriers.registry().get("sms.breaker.state").gauge().value()).isEqualTo(2);
    }

    @Test
    void triesAgainAfterTheBreakersWait() throws IOException {
        carriers = CarrierSetup.in(directory, Duration.ofMillis(500));
        carriers.install(new TestPlugin("bad", "1.0.0")
                .with("submit", "return Mono.just(SubmitOutcome.unavailable(CarrierError.of(\"x\")));"));
        var account = carriers.opened(account("bad"));

        StepVerifier.create(Flux.range(0, 100)
                        .concatMap(i -> account.submit(request(), 1))
                        .then())
                .expectComplete()
                .verify(PATIENCE);

        await(() -> account.breaker() == CarrierAccount.Breaker.HALF_OPEN);
    }

    @Test
    void doesNotBlameTheCarrierForWhatItRefuses() throws IOException {
        carriers.install(
                new TestPlugin("test", "1.0.0")
                        .with(
                                "submit",
                                "return Mono.just(SubmitOutcome.rejected(FailureClass.INVALID_NUMBER, CarrierError.of(\"x\")));"));
        var account = carriers.opened(account("test"));

        StepVerifier.create(Flux.range(0, 100)
                        .concatMap(i -> account.submit(request(), 1))
                        .then())
                .expectComplete()
                .verify(PATIENCE);

        assertThat(account.breaker()).isEqualTo(CarrierAccount.Breaker.CLOSED);
        assertThat(account.available()).isTrue();
    }

    @Test
    void holdsARefusedAccountUntilItsHealthIsUp() throws IOException {
        String paid = "test.paid-" + UUID.randomUUID();
        carriers.install(
                new TestPlugin("test", "1.0.0")
                        .with("open", "var refused = new java.util.concurrent.atomic.AtomicBoolean();")
                        .with(
                                "submit",
                                "refused.set(true);"
                                        + " return Mono.just(SubmitOutcome.rejected(FailureClass.CREDIT, CarrierError.of(\"x\")));")
                        .with(
                                "health",
                                "return Mono.just(refused.get() && !Boolean.getBoolean(\"" + paid
                                        + "\") ? new CarrierHealth(CarrierHealth.Status.DEGRADED, \"no credit\") : CarrierHealth.up(\"well\"));"));
        var account = carriers.opened(account("test"));

        StepVerifier.create(account.submit(request(), 1))
                .expectNextCount(1)
                .expectComplete()
                .verify(PATIENCE);

        assertThat(account.available()).isFalse();

        System.setProperty(paid, "true");

        await(account::available);
    }

    @Test
    void replacesTheVersionUnderWayWithoutLosingAMessage() throws IOException {
        String slow = "return Mono.delay(Duration.ofMillis(100)).thenReturn(SubmitOutcome.accepted(\"%s\"));";
        carriers.install(new TestPlugin("test", "1.0.0").with("submit", slow.formatted("old")));
        var row = account("test");
        var account = carriers.opened(row);
        var outcomes = Flux.range(0, 200)
                .flatMap(i -> account.submit(request(), 1), 10)
                .collectList();

        StepVerifier.create(Mono.zip(
                        outcomes,
                        Mono.delay(Duration.ofMillis(300))
                                .then(Mono.fromCallable(() -> {
                                            carriers.install(new TestPlugin("test", "1.1.0")
                                                    .with("submit", slow.formatted("new")));
                                            carriers.bring(row);
                                            return true;
                                        })
                                        .subscribeOn(Schedulers.boundedElastic()))))
                .assertNext(both ->
                        assertThat(both.getT1()).hasSize(200).allMatch(SubmitOutcome.Accepted.class::isInstance))
                .expectComplete()
                .verify(PATIENCE);
        StepVerifier.create(account.submit(request(), 1)
                        .repeat()
                        .filter(SubmitOutcome.accepted("new")::equals)
                        .next())
                .expectNextCount(1)
                .expectComplete()
                .verify(PATIENCE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "if (true) throw new IllegalStateException();|failed to open",
                "if (true) return null;|failed to open",
                "if (true) return Mono.empty();|opened nothing",
                "if (true) return Mono.error(new IllegalArgumentException(\"Setting window is odd\"));|window is odd",
            })
    void tellsWhyAnAccountDoesNotOpen(String body, String reason) throws IOException {
        carriers.install(new TestPlugin("bad", "1.0.0").with("open", body));
        carriers.install(new TestPlugin("good", "1.0.0"));
        var row = account("bad");

        carriers.opened(account("good"), row);
        await(() -> carriers.accounts().problem(row.id()) != null);

        assertThat(carriers.accounts().problem(row.id())).contains(reason);
        StepVerifier.create(new CarriersHealth(carriers.accounts()).health())
                .assertNext(health -> assertThat(health.getStatus().getCode()).isEqualTo("DEGRADED"))
                .expectComplete()
                .verify(PATIENCE);
        assertThat(carriers.accounts().find(row.id())).isNull();
    }

    @Test
    void removesTheMetersOfAClosedAccount() throws IOException {
        carriers.install(new TestPlugin("test", "1.0.0"));
        carriers.opened(account("test"));

        await(() -> {
            carriers.accounts().bringAbout(List.of(), 1, Map.of(), Set.of());
            return carriers.accounts().open().isEmpty()
                    && carriers.registry().getMeters().isEmpty();
        });

        assertThat(carriers.registry().getMeters()).isEmpty();
    }
}
