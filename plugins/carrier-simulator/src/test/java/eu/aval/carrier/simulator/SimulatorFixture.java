// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.simulator;

import eu.aval.spi.config.CarrierConfiguration;
import eu.aval.spi.event.CarrierEvent;
import eu.aval.spi.event.CarrierEvent.Delivery;
import eu.aval.spi.event.CarrierEvent.Inbound;
import eu.aval.spi.event.DeliveryState;
import eu.aval.spi.failure.FailureClass;
import eu.aval.spi.text.Address;
import eu.aval.spi.text.Text;
import eu.aval.tck.CarrierFixture;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The far side of the simulator: one network for all accounts of a test. */
final class SimulatorFixture implements CarrierFixture {

    private final List<SeenMessage> seen = new CopyOnWriteArrayList<>();
    private final List<SimulatorCarrier> opened = new CopyOnWriteArrayList<>();
    private final SimulatedNetwork network = new SimulatedNetwork(request -> seen.add(
            new SeenMessage(request.to(), request.from(), request.text().value())));

    SimulatedNetwork network() {
        return network;
    }

    void opened(SimulatorCarrier carrier) {
        opened.add(carrier);
    }

    @Override
    public CarrierConfiguration configuration() {
        return CarrierConfiguration.of(
                Map.of("latency", "PT0.01S", "timeout", "PT3S", "window", "4", "receipt-delay", "PT1H"), Map.of());
    }

    @Override
    public Address recipient(Answer answer) {
        network.reachable(answer != Answer.UNREACHABLE);
        return switch (answer) {
            // Without receipts of its own: those of a test are sent by it
            case ACCEPT, UNREACHABLE -> number("0003");
            case ACCEPT_SLOWLY -> number("0900");
            case THROTTLE -> number("0399");
            case PASSING_ERROR -> number("0499");
            case SILENCE -> number("0507");
            case CUT_AFTER_WRITE -> number("0502");
            case UNREADABLE -> number("0505");
        };
    }

    @Override
    public Set<FailureClass> refusals() {
        return EnumSet.copyOf(MagicNumbers.FAILURES);
    }

    @Override
    public Address refusedRecipient(FailureClass reason) {
        return number(String.format("02%02d", MagicNumbers.codeOf(reason)));
    }

    @Override
    public int submitsSeen() {
        return network.submits();
    }

    @Override
    public List<SeenMessage> messagesSeen() {
        return List.copyOf(seen);
    }

    @Override
    public Set<DeliveryState> receiptStates() {
        return EnumSet.allOf(DeliveryState.class);
    }

    @Override
    public Set<FailureClass> receiptReasons() {
        return EnumSet.copyOf(MagicNumbers.FAILURES);
    }

    @Override
    public Sent sendReceipt(String carrierMessageId, DeliveryState state, @Nullable FailureClass reason) {
        return send(new Delivery(
                List.of(carrierMessageId),
                null,
                null,
                state,
                reason,
                reason == null ? null : SimulatorCarrier.error(reason),
                Instant.now(),
                null));
    }

    @Override
    public Sent sendInbound(String reference, Address from, Address to, Text text) {
        return send(new Inbound(reference, from, to, text, Instant.now(), true));
    }

    @Override
    public Map<String, String> impossibleSettings() {
        return Map.of(
                "window", "0",
                "timeout", "PT0S",
                "latency", "-PT1S",
                "receipt-delay", "P2D",
                "loss", "1.5",
                "throttling", "-0.1",
                "parts-per-second", "-1",
                "on-uncertain", "hope");
    }

    /** Accounts and their threads are closed by the kit. */
    @Override
    public void close() {}

    private Sent send(CarrierEvent event) {
        Sending sending = new Sending();
        opened.forEach(carrier -> carrier.tell(event, sending));
        return sending;
    }

    static Address number(String lastDigits) {
        return Address.e164("+3363998" + lastDigits);
    }

    private static final class Sending implements Sent, Events.Told {

        private volatile boolean stored;
        private volatile boolean refused;

        @Override
        public void stored() {
            stored = true;
        }

        @Override
        public void refused() {
            refused = true;
        }

        @Override
        public boolean isAcknowledged() {
            return stored;
        }

        @Override
        public boolean isRefused() {
            return refused;
        }
    }
}
