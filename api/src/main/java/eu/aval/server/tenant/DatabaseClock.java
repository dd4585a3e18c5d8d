// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * The time that all nodes share: the database's. What waits is claimed by it, so a moment that a node writes down has to
 * be of it too, or a message accepted by a node that is fast waits for the difference. While this node's own clock agrees
 * within a second, it is this clock.
 */
@Component
final class DatabaseClock extends Clock {

    static final Duration TOLERANCE = Duration.ofSeconds(1);

    /** An answer that took longer says too little about the moment at which the database looked at its clock. */
    static final Duration SLOWEST_ANSWER = Duration.ofMillis(500);

    private static final Logger log = LoggerFactory.getLogger(DatabaseClock.class);

    private final InstantSource own;
    private volatile Duration difference = Duration.ZERO;
    private volatile Duration correction = Duration.ZERO;

    @Autowired
    DatabaseClock(MeterRegistry meters) {
        this(InstantSource.system(), meters);
    }

    DatabaseClock(InstantSource own, MeterRegistry meters) {
        this.own = own;
        Gauge.builder("node.clock.difference", this, clock -> clock.difference.toMillis() / 1000d)
                .baseUnit("seconds")
                .description("How far the clock of the database is ahead of this node's")
                .register(meters);
    }

    /** This node's own time. */
    Instant own() {
        return own.instant();
    }

    /**
     * The database has told its time.
     *
     * @param asked and {@code answered}: when, by this node's own time
     */
    void heard(Instant asked, Instant told, Instant answered) {
        Duration took = Duration.between(asked, answered);
        if (took.isNegative() || took.compareTo(SLOWEST_ANSWER) > 0) {
            return;
        }
        Duration found = Duration.between(asked.plus(took.dividedBy(2)), told);
        Duration next = found.abs().compareTo(TOLERANCE) > 0 ? found : Duration.ZERO;
        if (next.minus(correction).abs().compareTo(TOLERANCE) > 0) {
            tell(next);
        }
        difference = found;
        correction = next;
    }

    private static void tell(Duration difference) {
        if (difference.isZero()) {
            log.info("The clock of this node agrees with the database's again");
        } else {
            log.warn(
                    "The clock of this node is {} s {} the database's, which counts. Set both by NTP",
                    difference.abs().toSeconds(),
                    difference.isNegative() ? "ahead of" : "behind");
        }
    }

    @Override
    public Instant instant() {
        return own.instant().plus(correction);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return Clock.offset(Clock.system(zone), correction);
    }
}
