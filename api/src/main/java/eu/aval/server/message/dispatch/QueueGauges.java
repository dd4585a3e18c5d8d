// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import eu.aval.server.carrier.CarrierAccount;
import eu.aval.server.carrier.CarrierAccounts;
import eu.aval.server.message.dispatch.DispatchQueue.Depth;
import eu.aval.server.shared.MeasuredGauges;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/** How much waits and for how long, as last measured: a scrape never touches the queue. */
final class QueueGauges {

    private static final List<String> LANES = List.of("otp", "normal", "bulk");

    private final DispatchQueue queue;
    private final CarrierAccounts accounts;
    private final MeasuredGauges depth;
    private final AtomicLong oldest = new AtomicLong();

    QueueGauges(DispatchQueue queue, CarrierAccounts accounts, MeterRegistry meters) {
        this.queue = queue;
        this.accounts = accounts;
        this.depth = new MeasuredGauges(MultiGauge.builder("sms_queue_depth")
                .description("Messages that wait, scheduled ones included; estimated beyond ten thousand")
                .register(meters));
        Gauge.builder("sms_oldest_queued_seconds", oldest, AtomicLong::get)
                .description("How long the first message in a lane has been due")
                .register(meters);
    }

    Mono<Void> measure() {
        return queue.depths().doOnNext(this::publish).then();
    }

    private void publish(List<Depth> depths) {
        depth.show(depths.stream()
                .collect(Collectors.toMap(
                        each -> Tags.of("carrier", name(each), "purpose", LANES.get(each.lane())),
                        Depth::messages,
                        Long::sum)));
        oldest.set(depths.stream()
                .map(Depth::oldest)
                .mapToLong(Duration::toSeconds)
                .max()
                .orElse(0));
    }

    private String name(Depth each) {
        CarrierAccount account = accounts.find(each.accountId());
        return account == null ? each.accountId().toString() : account.name();
    }
}
