// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Deletes rows whose time is over, every ten minutes, in slices, so that no transaction is long. Any node may, also two. */
public abstract class Sweep implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Sweep.class);
    private static final Duration PAUSE = Duration.ofMinutes(10);
    private static final int SLICE = 5_000;

    private final PlatformDatabase database;
    private final String what;
    private final String delete;
    private volatile @Nullable Disposable sweeping;

    /**
     * @param what is deleted, at the beginning of a sentence: "Old counters"
     * @param delete a statement that deletes at most {@code $1} rows, in one order whoever runs it
     */
    protected Sweep(PlatformDatabase database, String what, String delete) {
        this.database = database;
        this.what = what;
        this.delete = delete;
    }

    /** How many went. */
    public Mono<Long> sweep() {
        return slice().expand(gone -> gone < SLICE ? Mono.empty() : slice()).reduce(Long::sum);
    }

    private Mono<Long> slice() {
        return database.in(client -> client.sql(delete).bind(0, SLICE).fetch().rowsUpdated());
    }

    @Override
    public void start() {
        sweeping = Flux.interval(PAUSE)
                .onBackpressureDrop()
                .concatMap(tick -> sweep().onErrorResume(failure -> {
                    log.warn("{} stay: {}", what, StoreFailures.describe(failure));
                    return Mono.empty();
                }))
                .subscribe();
    }

    @Override
    public void stop() {
        Disposable running = sweeping;
        if (running != null) {
            running.dispose();
            sweeping = null;
        }
    }

    @Override
    public boolean isRunning() {
        return sweeping != null;
    }
}
