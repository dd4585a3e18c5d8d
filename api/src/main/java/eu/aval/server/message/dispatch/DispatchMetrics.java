// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What the dispatcher counts; submits and their outcomes are counted by the carrier feature. Labels are names of carrier
 * accounts: nothing personal.
 */
final class DispatchMetrics {

    private final MeterRegistry meters;
    private final ConcurrentMap<String, Counter> rerouted = new ConcurrentHashMap<>();
    private final Timer claims;
    private final Timer settles;

    DispatchMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.claims = Timer.builder("sms_dispatch_claim").register(meters);
        this.settles = Timer.builder("sms_dispatch_settle").register(meters);
    }

    void rerouted(String account) {
        rerouted.computeIfAbsent(
                        account,
                        name -> Counter.builder("sms_rerouted")
                                .tag("carrier", name)
                                .register(meters))
                .increment();
    }

    void claimed(Duration took) {
        claims.record(took);
    }

    void settled(Duration took) {
        settles.record(took);
    }
}
