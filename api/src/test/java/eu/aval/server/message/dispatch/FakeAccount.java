// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import eu.aval.server.carrier.CarrierAccount;
import eu.aval.spi.Capability;
import eu.aval.spi.CarrierHealth;
import eu.aval.spi.Throughput;
import eu.aval.spi.submit.Reconciliation;
import eu.aval.spi.submit.SubmitOutcome;
import eu.aval.spi.submit.SubmitRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** An account that answers as the test says and remembers what it was given. */
final class FakeAccount implements CarrierAccount {

    private final UUID id = UUID.randomUUID();
    private final String name;
    private final List<SubmitRequest> submitted = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger inFlight = new AtomicInteger();

    final AtomicInteger mostInFlight = new AtomicInteger();

    volatile Function<SubmitRequest, Mono<SubmitOutcome>> answer =
            request -> Mono.just(SubmitOutcome.accepted("id-" + request.messageId()));
    volatile Function<SubmitRequest, Reconciliation> reconciliation = request -> new Reconciliation.Unsupported();
    volatile Set<Capability> capabilities = Set.of();
    volatile boolean available = true;
    volatile int freeParts = Integer.MAX_VALUE;
    volatile int window = 50;
    volatile boolean remembers = true;

    FakeAccount(String name) {
        this.name = name;
    }

    List<SubmitRequest> submitted() {
        synchronized (submitted) {
            return List.copyOf(submitted);
        }
    }

    List<UUID> submittedIds() {
        return submitted().stream().map(SubmitRequest::messageId).toList();
    }

    @Override
    public UUID id() {
        return id;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String carrierId() {
        return "fake";
    }

    @Override
    public boolean simulator() {
        return false;
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public Mono<SubmitOutcome> submit(SubmitRequest request, int parts) {
        return Mono.defer(() -> {
            if (remembers) {
                submitted.add(request);
            }
            return Mono.using(
                    () -> mostInFlight.accumulateAndGet(inFlight.incrementAndGet(), Math::max),
                    most -> answer.apply(request),
                    most -> inFlight.decrementAndGet());
        });
    }

    @Override
    public Mono<Reconciliation> reconcile(SubmitRequest sent) {
        return Mono.fromSupplier(() -> reconciliation.apply(sent));
    }

    @Override
    public boolean available() {
        return available;
    }

    @Override
    public int freeSubmits() {
        return available ? window - inFlight.get() : 0;
    }

    @Override
    public int freeParts() {
        return available ? freeParts : 0;
    }

    @Override
    public Throughput throughput() {
        return new Throughput(0, window, Duration.ofSeconds(10));
    }

    @Override
    public CarrierHealth health() {
        return CarrierHealth.up("fine");
    }

    @Override
    public Breaker breaker() {
        return Breaker.CLOSED;
    }
}
