// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.rotation.store;

import eu.aval.server.rotation.KeyRotation;
import eu.aval.server.rotation.KeyRotation.Kind;
import eu.aval.server.rotation.KeyRotation.State;
import eu.aval.server.rotation.KeyRotation.Step;
import eu.aval.server.shared.TenantId;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.R2dbcType;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/** Rows of {@code key_rotation}. In the transaction of {@code client}, under the platform's role. */
@Repository
public class RotationRows {

    /** How many of a kind are in a state, and how much is left for them to do. */
    public record Open(Kind kind, State state, long rotations, long remaining) {}

    private static final String COLUMNS = """
            id, tenant_id, kind, state, step, key, part, position, carried, remaining, waiting_for, failure, started_by,
            started_at, finished_at
            """;

    /** Empty if one of the same kind is open. */
    public Mono<KeyRotation> insert(DatabaseClient client, KeyRotation rotation) {
        return client.sql("""
                        insert into aval.key_rotation
                          (id, tenant_id, kind, state, step, position, started_by, started_at, next_at)
                        values ($1, $2, $3, $4, $5, $6, $7, $8, now())
                        on conflict (tenant_id, kind) where state in ('RUNNING', 'WAITING') do nothing
                        returning
                        """ + COLUMNS)
                .bind(0, rotation.id())
                .bind(1, rotation.tenant().value())
                .bind(2, rotation.kind().name())
                .bind(3, rotation.state().name())
                .bind(4, rotation.step().name())
                .bind(5, Parameters.in(R2dbcType.VARCHAR, rotation.position()))
                .bind(6, rotation.startedBy())
                .bind(7, rotation.startedAt())
                .map(RotationRows::rotation)
                .one();
    }

    /** Ends one that waits, so that another can begin; a node that works on it finds out. */
    public Mono<Void> supersede(DatabaseClient client, TenantId tenant, Kind kind) {
        return client.sql("""
                        update aval.key_rotation set state = 'SUPERSEDED', finished_at = now(), leased_until = null
                        where tenant_id = $1 and kind = $2 and state = 'WAITING'""").bind(0, tenant.value()).bind(1, kind.name()).then();
    }

    /** One that is due and that no living node works on; it is this node's until the lease ends. */
    public Mono<KeyRotation> claim(DatabaseClient client, UUID node, Duration lease) {
        return client.sql("""
                        update aval.key_rotation set leased_by = $1, leased_until = now() + $2::interval
                        where id = (
                          select id from aval.key_rotation
                          where state in ('RUNNING', 'WAITING') and next_at <= now()
                            and (leased_until is null or leased_until < now())
                          order by next_at, id limit 1 for update skip locked)
                        returning
                        """ + COLUMNS)
                .bind(0, node)
                .bind(1, interval(lease))
                .map(RotationRows::rotation)
                .one();
    }

    /** Whether it is still this node's; then it is until the transaction ends. */
    public Mono<Boolean> hold(DatabaseClient client, UUID id, UUID node) {
        return client.sql("""
                        select 1 from aval.key_rotation
                        where id = $1 and leased_by = $2 and leased_until > now() and state in ('RUNNING', 'WAITING')
                        for update""").bind(0, id).bind(1, node).map(row -> true).one().defaultIfEmpty(false);
    }

    /** Notes how far it has come, and keeps it for this node. In a transaction that {@linkplain #hold holds} it. */
    public Mono<Void> save(DatabaseClient client, KeyRotation rotation, Duration lease) {
        return save(client, rotation, Duration.ZERO, "clock_timestamp() + $13::interval", interval(lease));
    }

    /** Notes how far it has come, and leaves it to whoever comes first after a pause. */
    public Mono<Void> release(DatabaseClient client, KeyRotation rotation, Duration pause) {
        return save(client, rotation, pause, "null::timestamptz - $13::interval", "0 seconds");
    }

    private static Mono<Void> save(
            DatabaseClient client, KeyRotation rotation, Duration pause, String leasedUntil, String lease) {
        return client.sql("""
                        update aval.key_rotation set state = $2, step = $3, key = $4, part = $5, position = $6,
                          carried = $7, remaining = $8, waiting_for = $9, failure = $10, finished_at = $11,
                          next_at = now() + $12::interval, leased_until =
                        """ + leasedUntil + " where id = $1")
                .bind(0, rotation.id())
                .bind(1, rotation.state().name())
                .bind(2, rotation.step().name())
                .bind(3, Parameters.in(R2dbcType.VARCHAR, rotation.key()))
                .bind(4, Parameters.in(R2dbcType.VARCHAR, rotation.part()))
                .bind(5, Parameters.in(R2dbcType.VARCHAR, rotation.position()))
                .bind(6, rotation.carried())
                .bind(7, rotation.remaining())
                .bind(8, rotation.waitingFor().toArray(String[]::new))
                .bind(9, Parameters.in(R2dbcType.VARCHAR, rotation.failure()))
                .bind(10, Parameters.in(R2dbcType.TIMESTAMP_WITH_TIME_ZONE, rotation.finishedAt()))
                .bind(11, interval(pause))
                .bind(12, lease)
                .then();
    }

    /** Leaves what this node works on to others. */
    public Mono<Void> releaseAll(DatabaseClient client, UUID node) {
        return client.sql("update aval.key_rotation set leased_until = null where leased_by = $1")
                .bind(0, node)
                .then();
    }

    /** Why a step did not work; another try after a pause. */
    public Mono<Void> fail(DatabaseClient client, UUID id, UUID node, String failure, Duration pause) {
        return client.sql("""
                        update aval.key_rotation set failure = $3, next_at = now() + $4::interval, leased_until = null
                        where id = $1 and leased_by = $2 and state in ('RUNNING', 'WAITING')""")
                .bind(0, id)
                .bind(1, node)
                .bind(2, failure)
                .bind(3, interval(pause))
                .then();
    }

    /**
     * Newest first.
     *
     * @param tenant null is all, and the platform
     * @param after the last of the page before
     */
    public Mono<List<KeyRotation>> list(
            DatabaseClient client, @Nullable TenantId tenant, int limit, @Nullable UUID after) {
        var statement = client.sql("select " + COLUMNS + """
                         from aval.key_rotation
                        where ($1::uuid is null or tenant_id = $1) and ($2::uuid is null or id < $2)
                        order by id desc limit $3""");
        statement = tenant == null ? statement.bindNull(0, UUID.class) : statement.bind(0, tenant.value());
        statement = after == null ? statement.bindNull(1, UUID.class) : statement.bind(1, after);
        return statement.bind(2, limit).map(RotationRows::rotation).all().collectList();
    }

    /** Those that have not ended. */
    public Mono<List<Open>> open(DatabaseClient client) {
        return client.sql("""
                        select kind, state, count(*) as rotations, sum(remaining)::bigint as remaining
                        from aval.key_rotation where state in ('RUNNING', 'WAITING') group by kind, state""")
                .map(row -> new Open(
                        Kind.valueOf(required(row, "kind", String.class)),
                        State.valueOf(required(row, "state", String.class)),
                        required(row, "rotations", Long.class),
                        required(row, "remaining", Long.class)))
                .all()
                .collectList();
    }

    private static KeyRotation rotation(Readable row) {
        return new KeyRotation(
                required(row, "id", UUID.class),
                new TenantId(required(row, "tenant_id", UUID.class)),
                Kind.valueOf(required(row, "kind", String.class)),
                State.valueOf(required(row, "state", String.class)),
                Step.valueOf(required(row, "step", String.class)),
                row.get("key", String.class),
                row.get("part", String.class),
                row.get("position", String.class),
                required(row, "carried", Long.class),
                required(row, "remaining", Long.class),
                List.of(required(row, "waiting_for", String[].class)),
                row.get("failure", String.class),
                required(row, "started_by", String.class),
                required(row, "started_at", Instant.class),
                row.get("finished_at", Instant.class));
    }

    private static String interval(Duration duration) {
        return duration.toMillis() + " milliseconds";
    }

    private static <T> T required(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}
