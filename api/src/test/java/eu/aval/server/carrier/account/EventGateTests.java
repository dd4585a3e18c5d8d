// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.account;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.spi.event.CarrierEvent;
import eu.aval.spi.event.CarrierEvent.Delivery;
import eu.aval.spi.event.CarrierEvent.Inbound;
import eu.aval.spi.event.DeliveryState;
import eu.aval.spi.failure.FailureClass;
import eu.aval.spi.text.Address;
import eu.aval.spi.text.Text;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

final class EventGateTests {

    private static final UUID ACCOUNT = UUID.randomUUID();

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Deque<Sinks.Empty<Void>> atWork = new ArrayDeque<>();
    private final List<CarrierEvent> begun = new ArrayList<>();
    private final List<CarrierEvent> stored = new ArrayList<>();
    private final List<Throwable> refused = new ArrayList<>();
    private final EventGate gate = new EventGate(
            (account, event) -> {
                Sinks.Empty<Void> storing = Sinks.empty();
                begun.add(event);
                atWork.add(storing);
                return storing.asMono();
            },
            new CarrierSettings.Events(3, 2, 5),
            new AccountMeters(registry, "test"));

    @Test
    void worksOnSoManyAtOnceAndOnTheOthersInTheirOrder() {
        for (int i = 0; i < 6; i++) {
            emit(message(i));
        }

        assertThat(begun).containsExactly(message(0), message(1));
        assertThat(gauge("at.work")).isEqualTo(2);
        assertThat(gauge("waiting")).isEqualTo(4);

        for (int i = 2; i < 6; i++) {
            atWork.remove().tryEmitEmpty();
            assertThat(begun).hasSize(i + 1).endsWith(message(i));
        }
        atWork.forEach(Sinks.Empty::tryEmitEmpty);
        assertThat(stored).hasSize(6);
        assertThat(gauge("at.work")).isZero();
        assertThat(gauge("waiting")).isZero();
    }

    @Test
    void refusesAtOnceWhatIsTooMuch() {
        for (int i = 0; i < 100_000; i++) {
            emit(message(i));
        }

        assertThat(begun).hasSize(2);
        assertThat(refused).hasSize(99_993);
        assertThat(registry.get("sms.account.events.refused").counter().count()).isEqualTo(99_993);
        assertThat(refused.getFirst()).hasMessageContaining("wait to be stored");
    }

    @Test
    void letsNoReceiptWaitBehindMessages() {
        for (int i = 0; i < 4; i++) {
            emit(message(i));
        }

        emit(receipt(null));

        assertThat(begun).hasSize(3).endsWith(receipt(null));
        // It is one more opt-out
        emit(receipt(FailureClass.OPTED_OUT));
        assertThat(begun).hasSize(3);
    }

    @Test
    void goesOnAfterOneThatFailed() {
        for (int i = 0; i < 3; i++) {
            emit(message(i));
        }

        atWork.remove().tryEmitError(new IllegalStateException("The store of the test fails"));

        assertThat(refused).hasSize(1);
        assertThat(begun).hasSize(3);
    }

    @Test
    void forgetsWhatNobodyWaitsForAnyMore() {
        Disposable first = emit(message(0));
        emit(message(1));
        Disposable third = emit(message(2));
        emit(message(3));

        third.dispose();
        assertThat(gauge("waiting")).isOne();
        first.dispose();

        assertThat(begun).containsExactly(message(0), message(1), message(3));
    }

    private Disposable emit(CarrierEvent event) {
        return Mono.from(gate.accept(ACCOUNT, event)).subscribe(nothing -> {}, refused::add, () -> stored.add(event));
    }

    private double gauge(String name) {
        return registry.get("sms.account.events." + name).gauge().value();
    }

    private static Inbound message(int i) {
        return new Inbound(
                "in-" + i,
                Address.e164("+33639980001"),
                Address.of(Address.Kind.SHORT_CODE, "36180"),
                Text.of("STOP"),
                Instant.EPOCH,
                true);
    }

    private static Delivery receipt(@Nullable FailureClass reason) {
        return new Delivery(List.of("1"), null, null, DeliveryState.UNDELIVERED, reason, null, Instant.EPOCH, null);
    }
}
