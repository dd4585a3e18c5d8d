// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PostgresSetup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The database answers and takes nothing: as a standby, or because somebody has set it so before its disk is full. */
@Timeout(value = ServerProcess.TEST_MINUTES, unit = TimeUnit.MINUTES)
final class ReadOnlyDatabaseIntegrationTests {

    private static final String KEY = "AVAL_API_KEY";

    @TempDir
    Path data;

    @Test
    void makesANodeUnreadyAndNotDead() throws Exception {
        try (FreshDatabase database = PostgresSetup.freshDatabase();
                ServerProcess server = ServerProcess.start(database, data, Map.of())) {
            String name = String.valueOf(database.value("select current_database()"));
            server.send(server.demo(KEY), "+33639980000", "before");

            database.execute("alter database " + name + " set default_transaction_read_only = on");
            endConnections(database);

            ServerProcess.await("a node that is not ready", () -> status(server, "readiness") == 503);
            assertThat(status(server, "liveness")).isEqualTo(200);
            assertThat(server.post(server.demo(KEY), "+33639980000", "meanwhile")
                            .statusCode())
                    .isEqualTo(503);
            assertThat(server.log()).contains("it is read-only");
            LockSupport.parkNanos(3_000_000_000L);

            // Sessions keep what they began with
            database.execute(
                    "set transaction_read_only = off; alter database " + name + " reset default_transaction_read_only");

            ServerProcess.await("a node that is ready", () -> status(server, "readiness") == 200);
            for (int i = 0; i < 100; i++) {
                server.send(server.demo(KEY), "+33639980000", "after " + i);
            }
            assertThat(status(server, "readiness")).isEqualTo(200);
        }
    }

    private static void endConnections(FreshDatabase database) {
        database.query("""
                select pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid()""");
    }

    private static int status(ServerProcess server, String group) {
        try {
            return server.get("/actuator/health/" + group).statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
