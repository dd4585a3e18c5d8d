// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.accept;

import eu.aval.server.message.store.BlockedMessages;
import eu.aval.server.message.store.DeferredMessages;
import eu.aval.server.shared.Problem;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.function.IntSupplier;
import org.springframework.stereotype.Component;

/** What the journal counts. Labels are codes, never a tenant or a number. */
@Component
final class JournalMetrics {

    private final MeterRegistry registry;
    private final Counter accepted;
    private final Counter replayed;
    private final DistributionSummary batches;
    private final Timer waits;
    private final Timer committed;
    private final Timer failed;

    JournalMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.accepted = Counter.builder("sms.accepted")
                .description("Messages that were made durable and answered")
                .register(registry);
        this.replayed = Counter.builder("sms.accepted.replayed")
                .description("Requests that repeated an accepted one")
                .register(registry);
        this.batches = DistributionSummary.builder("sms.journal.batch")
                .description("Messages that shared a transaction")
                .publishPercentileHistogram()
                .serviceLevelObjectives(1, 5, 10, 50, 100, 500)
                .register(registry);
        this.waits = Timer.builder("sms.journal.wait")
                .description("How long the first of a batch waited for its turn")
                .register(registry);
        this.committed = commit("committed");
        this.failed = commit("failed");
    }

    private Timer commit(String outcome) {
        return Timer.builder("sms.journal.commit")
                .description("From the beginning of a transaction to its end")
                .tag("outcome", outcome)
                .publishPercentileHistogram()
                .register(registry);
    }

    void waiting(IntSupplier waiting) {
        Gauge.builder("sms.journal.waiting", waiting::getAsInt)
                .description("Messages that wait for a transaction")
                .register(registry);
    }

    void batch(int messages, Duration waited, Duration took, boolean succeeded) {
        batches.record(messages);
        waits.record(waited);
        (succeeded ? committed : failed).record(took);
    }

    void ended(List<Acceptance> results) {
        int durable = 0;
        for (Acceptance result : results) {
            switch (result) {
                case Acceptance.Accepted message -> {
                    if (message.replayed()) {
                        replayed.increment();
                    } else {
                        durable++;
                        if (message.deferred() != null) {
                            DeferredMessages.count(registry, 1);
                        }
                    }
                }
                case Acceptance.Refused refused -> blocked(refused.problem());
            }
        }
        accepted.increment(durable);
    }

    void blocked(Problem problem) {
        BlockedMessages.count(registry, problem.type(), 1);
    }
}
