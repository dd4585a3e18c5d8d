// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import eu.aval.server.shared.AtStart;
import eu.aval.server.shared.StartOrder;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** Monthly partitions are there before their month begins: looked after at start and each day. */
@Component
class Partitions implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Partitions.class);
    private static final Trouble LOOKING = new Trouble(log, "Making partitions");
    private static final int MONTHS_AHEAD = 3;

    private final PlatformDatabase database;
    private volatile @Nullable Disposable daily;

    Partitions(PlatformDatabase database) {
        this.database = database;
    }

    /** How many were missing. */
    Mono<Integer> ensure() {
        return database.in(client -> client.sql(
                        "select aval.ensure_partitions($1) + aval.ensure_access_segments($1) as made")
                .bind(0, MONTHS_AHEAD)
                .map(row -> Objects.requireNonNull(row.get("made", Integer.class)))
                .one());
    }

    @Override
    public void start() {
        report(AtStart.await("the partitions of this month and the next", ensure()));
        daily = LOOKING.every(
                Duration.ofDays(1), () -> ensure().doOnNext(Partitions::report).then());
    }

    @Override
    public void stop() {
        Disposable running = daily;
        if (running != null) {
            running.dispose();
            daily = null;
        }
    }

    @Override
    public boolean isRunning() {
        return daily != null;
    }

    @Override
    public int getPhase() {
        return StartOrder.NODE;
    }

    private static void report(@Nullable Integer made) {
        if (made != null && made > 0) {
            log.info("Made {} partitions", made);
        }
    }
}
