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
import eu.aval.spi.submit.SubmitOutcome;
import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** What a third party's plugin does wrong costs its own accounts an outcome, and nobody else anything. */
final class MisbehavingPluginsTests {

    private static final String EMIT = """
            return new Mono<SubmitOutcome>() {
                public void subscribe(reactor.core.CoreSubscriber<? super SubmitOutcome> to) { %s }
            };""";

    @TempDir
    private Path directory;

    private CarrierSetup carriers;
    private final AtomicInteger told = new AtomicInteger();

    @BeforeEach
    void start() {
        carriers = CarrierSetup.in(directory, (account, event) -> Mono.fromRunnable(told::incrementAndGet));
    }

    @AfterEach
    void stop() {
        carriers.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "to.onSubscribe(Operators.emptySubscription()); to.onNext(SubmitOutcome.accepted(\"1\"));"
                        + " to.onNext(SubmitOutcome.accepted(\"2\")); to.onComplete(); to.onComplete();",
                "to.onNext(SubmitOutcome.accepted(\"1\"));",
                "to.onSubscribe(Operators.emptySubscription()); to.onSubscribe(Operators.emptySubscription());"
                        + " to.onNext(SubmitOutcome.accepted(\"1\")); to.onError(new Error());",
            })
    void takesTheFirstOutcomeOnly(String signals) throws IOException {
        carriers.install(new TestPlugin("bad", "1.0.0").with("submit", EMIT.formatted(signals)));
        var account = carriers.opened(account("bad"));

        StepVerifier.create(account.submit(request(), 1))
                .expectNext(SubmitOutcome.accepted("1"))
                .expectComplete()
                .verify(PATIENCE);
        assertThat(account.freeSubmits()).isEqualTo(20);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "throw new OutOfMemoryError(\"+33600000000\");|PLUGIN_ERROR",
                "return Mono.error(new OutOfMemoryError());|PLUGIN_ERROR",
                "return Mono.fromCallable(() -> { throw new StackOverflowError(); });|PLUGIN_ERROR",
                "return submit(request);|PLUGIN_ERROR",
                "throw new IncompatibleClassChangeError();|PLUGIN_ERROR",
                "throw new RuntimeException() { public StackTraceElement[] getStackTrace() { throw new Error(); } };"
                        + "|PLUGIN_ERROR",
                "return Mono.<SubmitOutcome>fromCallable(() -> { throw new OutOfMemoryError(); })"
                        + ".subscribeOn(Schedulers.boundedElastic());|TIMEOUT",
                "Thread.currentThread().interrupt(); return Mono.empty();|PLUGIN_ERROR",
            })
    void survivesErrorsThatNobodyShouldCatch(String body, SubmitOutcome.Uncertain.Cause cause) throws IOException {
        carriers.install(new TestPlugin("bad", "1.0.0")
                .with("submit", body)
                .with("timeout", HostedAccountsTests.timeout(cause)));
        var account = carriers.opened(account("bad"));

        StepVerifier.create(account.submit(request(), 1))
                .assertNext(outcome -> assertThat(outcome)
                        .isInstanceOfSatisfying(
                                SubmitOutcome.Uncertain.class,
                                uncertain -> assertThat(uncertain.cause()).isEqualTo(cause)))
                .expectComplete()
                .verify(PATIENCE);
        await(account::available);
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void keepsErrorsThatComeTooLateOutOfTheLog(CapturedOutput output) throws IOException {
        String number = "+33639" + System.nanoTime() % 1_000_000;
        carriers.install(new TestPlugin("bad", "1.0.0").with("submit", """
                        var late = new IllegalStateException("%s");
                        Schedulers.parallel().schedule(() -> { throw late; });
                        Schedulers.boundedElastic().schedule(() -> { throw late; });
                        return Mono.create(sink -> { sink.success(SubmitOutcome.accepted("1")); sink.error(late); });""".formatted(number)));
        var account = carriers.opened(account("bad"));

        StepVerifier.create(account.submit(request(), 1))
                .expectNext(SubmitOutcome.accepted("1"))
                .expectComplete()
                .verify(PATIENCE);

        await(() -> output.getAll().contains("java.lang.IllegalStateException at test.carrier.Provider"));
        assertThat(output.getAll()).doesNotContain(number);
    }

    @Test
    void refusesEventsOfAnAccountThatIsClosed() throws IOException {
        String emit =
                "context.events().emit(new CarrierEvent.OptChange(eu.aval.spi.text.Address.e164(\"+33639980000\"),"
                        + " null, true, java.time.Instant.EPOCH))";
        String digest = carriers.install(new TestPlugin("bad", "1.0.0")
                .with("submit", "return " + emit + ".thenReturn(SubmitOutcome.accepted(\"1\"));")
                .with(
                        "close",
                        "Mono.delay(Duration.ofMillis(500)).then(" + emit + ").subscribe(); return Mono.empty();"));
        var account = carriers.opened(account("bad"));

        StepVerifier.create(account.submit(request(), 1))
                .expectNextCount(1)
                .expectComplete()
                .verify(PATIENCE);
        carriers.revoke(digest);
        carriers.bring();
        await(() -> carriers.accounts().open().isEmpty());

        StepVerifier.create(Mono.delay(Duration.ofSeconds(1)))
                .expectNextCount(1)
                .expectComplete()
                .verify(PATIENCE);
        assertThat(told).hasValue(1);
    }

    @Test
    void letsWhatIsUnderWayEndWhenThePluginIsRevoked() throws IOException {
        String digest = carriers.install(
                new TestPlugin("test", "1.0.0")
                        .with(
                                "submit",
                                "context.count(\"calls\"); return Mono.delay(Duration.ofMillis(500)).thenReturn(SubmitOutcome.accepted(\"1\"));"));
        var row = account("test");
        var account = carriers.opened(row);
        var outcomes = Flux.range(0, 20)
                .flatMap(i -> account.submit(request(), 1), 20)
                .collectList()
                .toFuture();
        await(() -> carriers.registry().find("sms.carrier.calls").counters().stream()
                        .mapToDouble(Counter::count)
                        .sum()
                == 20);

        carriers.revoke(digest);
        carriers.bring(row);

        StepVerifier.create(Mono.fromFuture(outcomes))
                .assertNext(all -> assertThat(all).hasSize(20).allMatch(SubmitOutcome.accepted("1")::equals))
                .expectComplete()
                .verify(PATIENCE);
        StepVerifier.create(account.submit(request(), 1))
                .assertNext(outcome -> assertThat(outcome).isInstanceOf(SubmitOutcome.Unavailable.class))
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void leavesNothingOfAPluginOnThreadsThatAllShare() throws IOException {
        String digest = carriers.install(new TestPlugin("test", "1.0.0")
                .with(
                        "submit",
                        "return Mono.fromCallable(() -> { Thread.sleep(100); return SubmitOutcome.accepted(\"1\"); })"
                                + ".subscribeOn(Schedulers.boundedElastic());"));
        CarrierAccount account = carriers.opened(account("test"));
        ClassLoader classes = Objects.requireNonNull(carriers.plugins().find("test"))
                .provider()
                .getClass()
                .getClassLoader();

        StepVerifier.create(Flux.range(0, 20).flatMap(i -> account.submit(request(), 1), 20))
                .expectNextCount(20)
                .expectComplete()
                .verify(PATIENCE);

        StepVerifier.create(Flux.range(0, 20)
                        .flatMap(
                                i -> Mono.fromCallable(() -> {
                                            Thread.sleep(100);
                                            return Thread.currentThread().getContextClassLoader();
                                        })
                                        .subscribeOn(Schedulers.boundedElastic()),
                                20)
                        .filter(seen -> seen == classes))
                .expectComplete()
                .verify(PATIENCE);
        assertThat(digest).isNotEmpty();
    }
}
