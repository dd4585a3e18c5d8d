// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.database;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PostgresSetup;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

final class SessionChecksIntegrationTests {

    private final FreshDatabase database = PostgresSetup.freshDatabase();
    private final ConnectionPool pool = database.platformPool();

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void handsOutWhatIsReadOnlyWhileNothingElseIs() {
        readOnly(true);

        Connection one = take();
        give(one);
        Connection other = take();

        assertThat(isReadOnly(other)).isTrue();
        give(other);
    }

    /** However young it is: one that takes writes would come and go with which session is handed out. */
    @Test
    void replacesASessionThatIsReadOnlyOnceOneThatBeganAfterItTakesWrites() {
        readOnly(true);
        Connection before = take();
        readOnly(false);
        Connection after = take();
        assertThat(isReadOnly(before)).isTrue();
        assertThat(isReadOnly(after)).isFalse();

        give(after);
        give(before);
        Connection one = take();
        Connection other = take();

        assertThat(isReadOnly(one)).isFalse();
        assertThat(isReadOnly(other)).isFalse();
        give(one);
        give(other);
    }

    private void readOnly(boolean on) {
        database.execute("set transaction_read_only = off; alter database "
                + database.value("select current_database()")
                + " set default_transaction_read_only = "
                + (on ? "on" : "off"));
    }

    private Connection take() {
        return Objects.requireNonNull(pool.create().block(Duration.ofMinutes(1)));
    }

    private static void give(Connection connection) {
        Mono.from(connection.close()).block(Duration.ofMinutes(1));
    }

    private static boolean isReadOnly(Connection connection) {
        return Boolean.TRUE.equals(SessionChecks.isReadOnly(connection).block(Duration.ofMinutes(1)));
    }
}
