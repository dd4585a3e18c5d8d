// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** Deletes rows whose time is over, every ten minutes, in slices, so that no transaction is long. Any node may, also two. */
public abstract class Sweep implements SmartLifecycle {

    private static final Duration PAUSE = Duration.ofMinutes(10);
    private static final int SLICE = 5_000;

    private final PlatformDatabase database;
    private final Trouble trouble;
    private final String delete;
    private volatile @Nullable Disposable sweeping;

    /**
     * @param what it does, at the beginning of a sentence: "Deleting old counters"
     * @param delete a statement that deletes at most {@code $1} rows, in one order whoever runs it
     */
    protected Sweep(PlatformDatabase database, String what, String delete) {
        this.database = database;
        this.trouble = new Trouble(LoggerFactory.getLogger(getClass()), what);
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
        sweeping = trouble.every(PAUSE, () -> sweep().then());
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
