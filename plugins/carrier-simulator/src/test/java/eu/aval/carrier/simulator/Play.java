// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.simulator;

import eu.aval.spi.Carrier;
import eu.aval.spi.config.CarrierConfiguration;
import eu.aval.spi.event.CarrierEvent;
import eu.aval.spi.event.CarrierEvent.Delivery;
import eu.aval.spi.event.CarrierEvent.Inbound;
import eu.aval.spi.event.CarrierEvent.InboundPart;
import eu.aval.spi.event.DeliveryState;
import eu.aval.spi.submit.SubmitOutcome;
import eu.aval.spi.submit.SubmitRequest;
import eu.aval.spi.text.Address;
import eu.aval.spi.text.Text;
import eu.aval.tck.TestingCarrierContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Plays scripts on an account whose clock is turned by hand. */
final class Play {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final TestingCarrierContext context = new TestingCarrierContext("play");
    private final Carrier carrier;

    Play(Map<String, String> settings) {
        carrier = new SimulatorCarrierProvider(SimulatedNetwork::new, name -> time, opened -> {})
                .open(CarrierConfiguration.of(settings, Map.of()), context)
                .toFuture()
                .join();
    }

    static Play withDefaults() {
        return new Play(Map.of());
    }

    Carrier carrier() {
        return carrier;
    }

    TestingCarrierContext context() {
        return context;
    }

    void pass(Duration duration) {
        time.advanceTimeBy(duration);
    }

    SubmitRequest.Builder request(String lastDigits) {
        return request(lastDigits, "Hello");
    }

    SubmitRequest.Builder request(String lastDigits, String text) {
        return SubmitRequest.builder(
                new UUID(7, lastDigits.hashCode()),
                SimulatorFixture.number(lastDigits),
                Address.of(Address.Kind.SHORT_CODE, "36180"),
                Text.of(text));
    }

    CompletableFuture<SubmitOutcome> start(SubmitRequest request) {
        return carrier.submit(request).toFuture();
    }

    /** The outcome, when an hour has passed. */
    SubmitOutcome submit(SubmitRequest request) {
        CompletableFuture<SubmitOutcome> outcome = start(request);
        pass(Duration.ofHours(1));
        return outcome.join();
    }

    SubmitOutcome submit(String lastDigits) {
        return submit(request(lastDigits).build());
    }

    List<CarrierEvent> events() {
        return context.stored();
    }

    List<Delivery> deliveries() {
        return events().stream()
                .filter(Delivery.class::isInstance)
                .map(Delivery.class::cast)
                .toList();
    }

    List<DeliveryState> states() {
        return deliveries().stream().map(Delivery::state).toList();
    }

    List<InboundPart> parts() {
        return events().stream()
                .filter(InboundPart.class::isInstance)
                .map(InboundPart.class::cast)
                .toList();
    }

    List<Inbound> replies() {
        return events().stream()
                .filter(Inbound.class::isInstance)
                .map(Inbound.class::cast)
                .toList();
    }
}
