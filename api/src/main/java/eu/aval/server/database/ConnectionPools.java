// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.database;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.client.SSLMode;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ValidationDepth;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/** Opens pools of R2DBC connections that are safe to reuse. */
final class ConnectionPools {

    /**
     * One thread per processor, and connections spread over them: with the driver's own, a connection that is opened by
     * work on another one stays on that one's thread for ever.
     */
    private static final LoopResources LOOPS = LoopResources.create(
            "aval-database", LoopResources.DEFAULT_IO_SELECT_COUNT, LoopResources.DEFAULT_IO_WORKER_COUNT, true, false);

    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ACQUIRE = Duration.ofMillis(2500);

    private ConnectionPools() {}

    /**
     * A pool of connections under one role.
     *
     * @param name for metrics and {@code pg_stat_activity}
     * @param role the role a connection takes at its start; null is the login itself
     * @param statementTimeout after which PostgreSQL cancels a statement
     */
    static ConnectionPool open(
            PostgresAddress address, String name, @Nullable String role, int size, Duration statementTimeout) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("idle_in_transaction_session_timeout", "30s");
        options.put("statement_timeout", statementTimeout.toMillis() + "ms");
        options.put("search_path", "aval");
        options.put("jit", "off");
        // Each statement is planned once in the life of its connection: for the arrays at hand, planning takes longer
        // than running, and nothing here needs a plan of its own for some values
        options.put("plan_cache_mode", "force_generic_plan");
        if (role != null) {
            options.put("role", role);
        }
        PostgresqlConnectionConfiguration.Builder builder = PostgresqlConnectionConfiguration.builder()
                .host(address.host())
                .port(address.port())
                .database(address.database())
                .username(address.user())
                .password(address.password())
                .applicationName("aval-" + name)
                .connectTimeout(CONNECT)
                .tcpKeepAlive(true)
                .tcpNoDelay(true)
                .preparedStatementCacheQueries(256)
                .codecRegistrar((connection, allocator, registry) ->
                        Mono.fromRunnable(() -> BinaryArray.all(allocator).forEach(registry::addFirst)))
                .loopResources(LOOPS)
                .options(options);
        encrypt(builder, address.tls());
        return new ConnectionPool(ConnectionPoolConfiguration.builder(new PostgresqlConnectionFactory(builder.build()))
                .name(name)
                .initialSize(1)
                .maxSize(size)
                // After a restart of the database each idle connection is dead: try them all
                .acquireRetry(size)
                .maxAcquireTime(ACQUIRE)
                .maxCreateConnectionTime(CONNECT)
                .maxValidationTime(CONNECT)
                .maxIdleTime(Duration.ofMinutes(10))
                .maxLifeTime(Duration.ofMinutes(30))
                .backgroundEvictionInterval(Duration.ofSeconds(15))
                .validationDepth(ValidationDepth.LOCAL)
                .postAllocate(new SessionChecks()::check)
                .preRelease(Connection::rollbackTransaction)
                .build());
    }

    private static void encrypt(PostgresqlConnectionConfiguration.Builder builder, Map<String, String> tls) {
        String mode = tls.get("sslmode");
        if (mode != null) {
            builder.sslMode(SSLMode.fromValue(mode));
        }
        String root = tls.get("sslrootcert");
        if (root != null) {
            builder.sslRootCert(root);
        }
    }
}
