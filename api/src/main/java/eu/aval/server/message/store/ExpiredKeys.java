// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import eu.aval.server.tenant.PlatformDatabase;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Deletes idempotency keys that have expired. Until then they hold: a key lives a day, and up to ten minutes more. */
@Component
class ExpiredKeys implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ExpiredKeys.class);
    private static final Duration PAUSE = Duration.ofMinutes(10);
    /** So that no transaction is long. */
    private static final int SLICE = 5_000;

    private final PlatformDatabase database;
    private volatile @Nullable Disposable sweeping;

    ExpiredKeys(PlatformDatabase database) {
        this.database = database;
    }

    @Override
    public void start() {
        sweeping = Flux.interval(PAUSE)
                .onBackpressureDrop()
                .concatMap(tick -> sweep().onErrorResume(failure -> {
                    log.warn("Expired idempotency keys stay: {}", CommitRemedies.describe(failure));
                    return Mono.empty();
                }))
                .subscribe();
    }

    /** How many went. */
    Mono<Long> sweep() {
        return slice().expand(gone -> gone < SLICE ? Mono.empty() : slice()).reduce(Long::sum);
    }

    private Mono<Long> slice() {
        return database.in(client -> client.sql("""
                        delete from aval.idempotency where ctid in (
                          select ctid from aval.idempotency where expires_at < now() limit $1)""").bind(0, SLICE).fetch().rowsUpdated());
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
