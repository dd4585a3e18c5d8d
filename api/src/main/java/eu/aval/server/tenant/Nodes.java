// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import eu.aval.server.database.Database;
import eu.aval.server.shared.AtStart;
import eu.aval.server.shared.StartOrder;
import eu.aval.server.shared.TimeOrderedId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * The server nodes on this database. Each start is a node of its own, so what an earlier life of this process leased is
 * a dead node's. The database's clock alone decides who is silent.
 */
@Component
public class Nodes implements SmartLifecycle {

    /** A node that has been silent for so long is dead: it has had five occasions to write. */
    public static final Duration DEAD_AFTER = Duration.ofSeconds(15);

    private static final Logger log = LoggerFactory.getLogger(Nodes.class);
    private static final Trouble BEATING = new Trouble(log, "The heartbeat of this node");
    private static final Duration BEAT = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final PlatformDatabase database;
    private final DatabaseClock clock;
    private final boolean alone;
    private final UUID id = TimeOrderedId.next();
    /** Since when no beat has failed; a new node trusts what it finds. */
    private volatile Instant heardSince = Instant.EPOCH;

    private volatile @Nullable Disposable beating;

    Nodes(PlatformDatabase database, DatabaseClock clock, Database server) {
        this.database = database;
        this.clock = clock;
        this.alone = server.isEmbedded();
    }

    /** This node. */
    public UUID thisNode() {
        return id;
    }

    /**
     * Nodes whose heartbeat is old. A node that holds a lease and is not listed anywhere ended properly or was
     * {@linkplain #forget forgotten}: it is dead as well.
     *
     * <p>After an outage of the database everybody has been silent, so nobody is dead until this node has been heard for
     * long enough. On the embedded PostgreSQL there is never another node: who is still listed there was killed.
     */
    public Mono<List<UUID>> dead() {
        if (!alone && Duration.between(heardSince, Instant.now()).compareTo(DEAD_AFTER) < 0) {
            return Mono.just(List.of());
        }
        return database.in(client -> client.sql("""
                        select id from aval.node where id <> $1
                        and (heartbeat_at < now() - $2::interval and pg_postmaster_start_time() < now() - $2::interval or $3)""")
                .bind(0, id)
                .bind(1, DEAD_AFTER.toSeconds() + " seconds")
                .bind(2, alone)
                .map(row -> Objects.requireNonNull(row.get("id", UUID.class)))
                .all()
                .collectList());
    }

    /** After everything that a dead node held is free. If it lives after all, its next beat lists it again. */
    public Mono<Void> forget(UUID node) {
        return database.in(client ->
                client.sql("delete from aval.node where id = $1").bind(0, node).then());
    }

    @Override
    public void start() {
        // The second goes over a connection that is open, so that its answer tells the time
        AtStart.await("the first heartbeat of this node", beat().then(beat()));
        log.info("This is node {}", id);
        beating = BEATING.every(BEAT, () -> beat().doOnError(failure -> heardSince = Instant.now()));
    }

    @Override
    public void stop() {
        Disposable running = beating;
        if (running != null) {
            running.dispose();
            beating = null;
            try {
                // The pools close next, and nothing else of this node runs any more
                forget(id).block(PATIENCE);
            } catch (RuntimeException e) {
                log.warn("The database was not told that this node ends: {}", StoreFailures.describe(e));
            }
        }
    }

    @Override
    public boolean isRunning() {
        return beating != null;
    }

    @Override
    public int getPhase() {
        return StartOrder.NODE;
    }

    private Mono<Void> beat() {
        return database.in(client -> Mono.defer(() -> {
            Instant asked = clock.own();
            return client.sql("""
                            insert into aval.node (id, name) values ($1, $2)
                            on conflict (id) do update set heartbeat_at = now()
                            returning clock_timestamp() as told""")
                    .bind(0, id)
                    .bind(1, "process " + ProcessHandle.current().pid())
                    .map(row -> Objects.requireNonNull(row.get("told", Instant.class)))
                    .one()
                    .doOnNext(told -> clock.heard(asked, told, clock.own()))
                    .then();
        }));
    }
}
