// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import eu.aval.spi.Carrier;
import eu.aval.spi.CarrierDescriptor;
import eu.aval.spi.CarrierHealth;
import eu.aval.spi.CarrierProvider;
import eu.aval.spi.config.CarrierConfiguration;
import eu.aval.spi.config.ConfigurationProperty;
import eu.aval.spi.config.Secret;
import eu.aval.spi.event.CarrierEvent;
import eu.aval.spi.submit.SubmitOutcome;
import eu.aval.spi.submit.SubmitRequest;
import eu.aval.spi.text.Address;
import eu.aval.spi.text.Encoding;
import eu.aval.spi.text.Text;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/**
 * One test of the kit under way: the far side, the context, the accounts it opened, and what personal data it used. Calls
 * the carrier as the host would: on a thread of the account that must not block.
 */
public final class CarrierTrial {

    /** How long anything may take that has no limit of its own. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** In every text, so that it can be found again where it must not be. */
    static final String CANARY = "Canary7Qx9";

    private final CarrierTckSetup setup;
    private final LogCapture log = new LogCapture();
    private final Scheduler host = Schedulers.newSingle("tck-host");
    private final TestingCarrierContext context = new TestingCarrierContext("tck");
    private final List<Carrier> carriers = new ArrayList<>();
    private final Set<String> personal = new LinkedHashSet<>(Set.of(CANARY));
    private @Nullable CarrierFixture fixture;

    CarrierTrial(CarrierTckSetup setup) {
        this.setup = setup;
    }

    public CarrierProvider provider() {
        return setup.provider();
    }

    public CarrierDescriptor descriptor() {
        return provider().descriptor();
    }

    public TestingCarrierContext context() {
        return context;
    }

    /** The far side, started when first asked for. */
    public CarrierFixture fixture() {
        if (fixture == null) {
            fixture = setup.fixture();
        }
        return fixture;
    }

    /** Opens an account as configured by the fixture and waits until it is up. */
    public Carrier open() {
        Carrier carrier = open(context);
        awaitUp(carrier);
        return carrier;
    }

    /** Opens an account with a context of its own, without waiting until it is up. */
    public Carrier open(TestingCarrierContext own) {
        Carrier carrier = await(provider().open(fixture().configuration(), own));
        carriers.add(carrier);
        return carrier;
    }

    void awaitUp(Carrier carrier) {
        eventually(
                fixture().recoveryTime(),
                () -> assertThat(await(carrier.health()).status())
                        .as("health of the account")
                        .isEqualTo(CarrierHealth.Status.UP));
    }

    /** An ordinary request to this number; its text holds the canary. */
    public SubmitRequest.Builder request(Address to) {
        return request(to, CANARY + " says hello");
    }

    public SubmitRequest.Builder request(Address to, String text) {
        remember(to);
        return SubmitRequest.builder(UUID.randomUUID(), to, fixture().sender(), Text.of(text))
                .encoding(Encoding.GSM7);
    }

    /** Notes that this number is personal: it is looked for in logs afterwards. */
    public Address remember(Address number) {
        if (number.kind() == Address.Kind.INTERNATIONAL) {
            // As it is, and in national form: what remains without country code is what tells people apart
            personal.add(number.digits());
            personal.add(number.digits().substring(2));
        }
        return number;
    }

    /** Submits as the host does, and checks that exactly one outcome comes in time. */
    public SubmitOutcome submit(Carrier carrier, SubmitRequest request) {
        Duration limit = carrier.throughput().timeout().plusSeconds(2);
        return await(Mono.defer(() -> carrier.submit(request)), limit);
    }

    /** The value of a publisher that must have exactly one. */
    public <T> T await(Mono<T> value) {
        return await(value, PATIENCE);
    }

    <T> T await(Mono<T> value, Duration limit) {
        AtomicReference<@Nullable T> seen = new AtomicReference<>();
        StepVerifier.create(value.subscribeOn(host))
                .consumeNextWith(seen::set)
                .expectComplete()
                .verify(limit);
        T result = seen.get();
        if (result == null) {
            throw new IllegalStateException("StepVerifier passed without a value");
        }
        return result;
    }

    /** Waits for a publisher that has no value. */
    public void complete(Mono<Void> action, Duration limit) {
        StepVerifier.create(action.subscribeOn(host)).expectComplete().verify(limit);
    }

    /** Waits until the far side has its answer. */
    void awaitAcknowledged(CarrierFixture.Sent sent) {
        eventually(
                PATIENCE,
                () -> assertThat(sent.isAcknowledged()).as("acknowledged").isTrue());
    }

    /** What was stored of one kind, in the order in which it came. */
    <T extends CarrierEvent> List<T> stored(Class<T> kind) {
        return context.stored().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    /** Waits until there are more than {@code number} of one kind, and gives that one. */
    <T extends CarrierEvent> T stored(Class<T> kind, int number) {
        eventually(
                PATIENCE,
                () -> assertThat(stored(kind))
                        .as("%s stored", kind.getSimpleName())
                        .hasSizeGreaterThan(number));
        return stored(kind).get(number);
    }

    /** The thread of the account, as the host gives it one. */
    Scheduler host() {
        return host;
    }

    /** Tries until it passes. */
    public void eventually(Duration limit, Runnable assertion) {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            try {
                assertion.run();
                return;
            } catch (AssertionError e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
            }
            pause(Duration.ofMillis(10));
        }
    }

    static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail("interrupted");
        }
    }

    /** The fixture's settings with one of them changed, or left out when the value is null. */
    CarrierConfiguration configurationWith(String name, @Nullable String value) {
        CarrierConfiguration usual = fixture().configuration();
        Map<String, String> values = new LinkedHashMap<>();
        Map<String, Secret> secrets = new LinkedHashMap<>();
        for (ConfigurationProperty property : descriptor().configuration()) {
            usual.find(property.name()).ifPresent(present -> values.put(property.name(), present));
            usual.findSecret(property.name()).ifPresent(present -> secrets.put(property.name(), present));
        }
        values.remove(name);
        secrets.remove(name);
        if (value != null) {
            values.put(name, value);
        }
        return CarrierConfiguration.of(values, secrets);
    }

    LogCapture log() {
        return log;
    }

    /** Everything that must not be seen: numbers, the canary, secrets. */
    Set<String> personal() {
        Set<String> all = new LinkedHashSet<>(personal);
        if (fixture != null) {
            CarrierConfiguration configuration = fixture.configuration();
            for (ConfigurationProperty property : descriptor().configuration()) {
                configuration.findSecret(property.name()).map(Secret::reveal).ifPresent(all::add);
            }
        }
        return all;
    }

    /** Closes what is open; a second time does nothing more. */
    void end() {
        try {
            for (Carrier carrier : carriers) {
                complete(carrier.close(Duration.ofSeconds(1)), PATIENCE);
            }
        } finally {
            if (fixture != null) {
                fixture.close();
            }
            host.dispose();
            log.close();
        }
    }

    /** The two rules that every test checks. */
    void judge() {
        assertThat(BlockingCalls.seen())
                .as("R512: blocking calls on non-blocking threads")
                .isEmpty();
        for (String line : log.lines()) {
            for (String secret : personal()) {
                // The line itself is not shown: it would put into the report what must not be in the log
                assertThat(line.contains(secret))
                        .as("R601: a log line of %s holds a number, a text or a secret", line.split(" ", 3)[1])
                        .isFalse();
            }
        }
    }
}
