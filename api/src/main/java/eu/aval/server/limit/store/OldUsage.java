// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.limit.store;

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

/** Deletes counters whose time is over: blocks of numbers after two hours, days after 100 days, months after 14 months. */
@Component
class OldUsage implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(OldUsage.class);
    private static final Duration PAUSE = Duration.ofMinutes(10);
    /** So that no transaction is long. */
    private static final int SLICE = 5_000;

    private static final String DELETE = """
            delete from aval.usage where ctid in (
              select u.ctid
              from (values ('BLOCK', interval '2 hours'), ('KEY', interval '100 days'), ('DAY', interval '100 days'),
                  ('MONTH', interval '14 months')) as k(kind, age)
              join aval.usage u on u.kind = k.kind and u.starts_at < now() - k.age
              limit $1)""";

    private final PlatformDatabase database;
    private volatile @Nullable Disposable sweeping;

    OldUsage(PlatformDatabase database) {
        this.database = database;
    }

    @Override
    public void start() {
        sweeping = Flux.interval(PAUSE)
                .onBackpressureDrop()
                .concatMap(tick -> sweep().onErrorResume(failure -> {
                    log.warn("Old counters stay: {}", failure.getClass().getSimpleName());
                    return Mono.empty();
                }))
                .subscribe();
    }

    /** How many went. */
    Mono<Long> sweep() {
        return slice().expand(gone -> gone < SLICE ? Mono.empty() : slice()).reduce(Long::sum);
    }

    private Mono<Long> slice() {
        return database.in(client -> client.sql(DELETE).bind(0, SLICE).fetch().rowsUpdated());
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
