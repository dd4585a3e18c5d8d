// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.delivery;

import eu.aval.server.delivery.store.ReceiptRows.MovedMessage;
import eu.aval.server.delivery.store.ReceiptRows.NewReceipt;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;

/** What receipts count. */
final class ReceiptMetrics {

    private final MeterRegistry meters;
    private final Function<UUID, String> accountNames;
    private final Timer latency;
    private final Counter parked;
    private final Counter expired;

    /** @param accountNames label of an account */
    ReceiptMetrics(MeterRegistry meters, Function<UUID, String> accountNames) {
        this.meters = meters;
        this.accountNames = accountNames;
        this.latency = Timer.builder("sms_dlr_latency")
                .description("From the carrier's acceptance to the receipt that ended the message")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(10))
                .maximumExpectedValue(Duration.ofHours(6))
                .register(meters);
        this.parked = meters.counter("sms_receipts_parked");
        this.expired = meters.counter("sms_receipts_expired");
    }

    void applied(ReceiptBatch batch) {
        Instant now = Instant.now();
        for (NewReceipt receipt : batch.receipts) {
            meters.counter("sms_dlr", "carrier", accountNames.apply(receipt.accountId()), "status", receipt.state())
                    .increment();
        }
        for (MovedMessage message : batch.messages) {
            if (message.status().isFinal() && !message.before().status().isFinal()) {
                Duration took = Duration.between(message.before().statusAt(), now);
                latency.record(took.isNegative() ? Duration.ZERO : took);
            }
        }
    }

    void parked(int receipts) {
        parked.increment(receipts);
    }

    void expired(long receipts) {
        expired.increment((double) receipts);
    }
}
