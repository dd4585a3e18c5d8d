// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.database;

import eu.aval.server.shared.CannotStart;
import io.r2dbc.pool.ConnectionPool;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database of this server, reachable and migrated; the embedded one when none is named. Closing it stops the
 * embedded one, so it is closed last.
 */
public final class Database implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Database.class);
    private static final String NAME = "aval";
    /** The oldest that the PostgreSQL project still mends. */
    private static final int OLDEST = 15;

    private final @Nullable EmbeddedPostgres embedded;
    private final Login app;
    private final Login platform;

    private Database(@Nullable EmbeddedPostgres embedded, Login app, Login platform) {
        this.embedded = embedded;
        this.app = app;
        this.platform = platform;
    }

    /** How a pool logs in. */
    private record Login(PostgresAddress address, @Nullable String role) {}

    static Database open(DatabaseSettings settings) {
        String url = settings.db().url();
        return url == null || url.isBlank()
                ? embedded(settings)
                : external(PostgresAddress.parse("AVAL_DB_URL", url), settings.db());
    }

    /** Whether it is the server's own: for trying out, so that it may be given demo data. */
    public boolean isEmbedded() {
        return embedded != null;
    }

    /** Brings the embedded one back when it has ended, and tells when that is not possible. Another has its own people. */
    void watch(Consumer<CannotStart> lost) {
        if (embedded != null) {
            embedded.watch(lost);
        }
    }

    /** Until then a start that is cut off ends the embedded one with this process, whoever closes what. */
    void started() {
        if (embedded != null) {
            embedded.keepUntilClosed();
        }
    }

    /** For one tenant's work: row-level security holds. */
    ConnectionPool appPool(int size) {
        return ConnectionPools.open(app.address, "app", app.role, size, Duration.ofSeconds(30));
    }

    /** For work across tenants. */
    ConnectionPool platformPool(int size) {
        return ConnectionPools.open(platform.address, "platform", platform.role, size, Duration.ofSeconds(60));
    }

    @Override
    public void close() {
        if (embedded != null) {
            log.info("Stopping PostgreSQL");
            embedded.close();
        }
    }

    private static Database embedded(DatabaseSettings settings) {
        EmbeddedPostgres postgres = EmbeddedPostgres.start(settings.data().resolve("postgres"));
        try {
            PostgresAddress superuser = postgres.superuser();
            Credentials credentials = postgres.credentials();
            requireDurable(superuser);
            Roles.embed(superuser, credentials::password, NAME);
            PostgresAddress owner = superuser.to(NAME).as(Roles.OWNER, credentials.password(Roles.OWNER));
            prepare(owner, settings.db(), false);
            return new Database(
                    postgres,
                    new Login(owner.as(Roles.APP, credentials.password(Roles.APP)), null),
                    new Login(owner.as(Roles.PLATFORM, credentials.password(Roles.PLATFORM)), null));
        } catch (SQLException e) {
            postgres.close();
            throw unusable(postgres.superuser(), "AVAL_DB_URL", e);
        } catch (RuntimeException e) {
            postgres.close();
            throw e;
        }
    }

    /** A configuration file edited by hand, or a variable of the environment, may have undone it. */
    private static void requireDurable(PostgresAddress superuser) throws SQLException {
        try (Jdbc jdbc = Jdbc.connect(superuser)) {
            List<String> off = jdbc.texts("select name from pg_settings"
                    + " where name in ('fsync', 'synchronous_commit', 'full_page_writes') and setting <> 'on'");
            if (!off.isEmpty()) {
                throw new CannotStart(
                        "The embedded PostgreSQL is not durable: " + String.join(", ", off) + " is off.",
                        "Remove what turns it off; alter system reset all undoes alter system.");
            }
        }
    }

    private static Database external(PostgresAddress owner, DatabaseSettings.Db settings) {
        Login app = login(owner, "AVAL_DB_APP_URL", settings.appUrl(), Roles.APP);
        Login platform = login(owner, "AVAL_DB_PLATFORM_URL", settings.platformUrl(), Roles.PLATFORM);
        try {
            prepare(owner, settings, app.role != null || platform.role != null);
        } catch (SQLException e) {
            throw unusable(owner, "AVAL_DB_URL", e);
        }
        // A wrong password is told now, not with the first request
        require(app, "AVAL_DB_APP_URL", settings.patience());
        require(platform, "AVAL_DB_PLATFORM_URL", settings.patience());
        return new Database(null, app, platform);
    }

    private static Login login(PostgresAddress owner, String setting, @Nullable String url, String role) {
        return url == null || url.isBlank()
                ? new Login(owner, role)
                : new Login(PostgresAddress.parse(setting, url), null);
    }

    private static void prepare(PostgresAddress owner, DatabaseSettings.Db settings, boolean assumed)
            throws SQLException {
        try (Jdbc jdbc = connect(owner, settings.patience())) {
            requireVersion(jdbc);
            requireWritable(jdbc);
            if (settings.migrate()) {
                Roles.ensure(jdbc, assumed);
                Migrations.migrate(jdbc);
            } else {
                Migrations.check(jdbc);
                if (assumed) {
                    Roles.requireAssumable(jdbc);
                }
            }
        }
    }

    private static void require(Login login, String setting, Duration patience) {
        if (login.role != null) {
            return;
        }
        try {
            connect(login.address, patience).close();
        } catch (SQLException e) {
            throw unusable(login.address, setting, e);
        }
    }

    private static void requireVersion(Jdbc jdbc) throws SQLException {
        int version = jdbc.connection().getMetaData().getDatabaseMajorVersion();
        if (version < OLDEST) {
            throw new CannotStart(
                    "The database is a PostgreSQL " + version + "; this server needs " + OLDEST + " or newer.",
                    "Upgrade it, or set AVAL_DB_URL to another.");
        }
    }

    private static void requireWritable(Jdbc jdbc) throws SQLException {
        if (jdbc.isTrue("current_setting('transaction_read_only')::boolean")) {
            throw new CannotStart(
                    "The database is read-only: a standby, or default_transaction_read_only is on.",
                    "Set AVAL_DB_URL to the primary.");
        }
    }

    /** A database that comes up together with the server may be a little later than it. */
    private static Jdbc connect(PostgresAddress address, Duration patience) throws SQLException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                return Jdbc.connect(address);
            } catch (SQLException e) {
                if (!mayComeUp(e) || System.nanoTime() - deadline > 0) {
                    throw e;
                }
                log.info("Waiting for {}: {}", address, e.getMessage());
                pause();
            }
        }
    }

    /** 08: no connection; 57P03: starting up; 53300: others have all connections, perhaps nodes that are stopping. */
    private static boolean mayComeUp(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return (state.startsWith("08") && !state.equals("08004")) || state.equals("57P03") || state.equals("53300");
    }

    static void pause() {
        try {
            // Nothing else can go on without the database, and no request has been taken yet
            Thread.sleep(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStart("The start was interrupted.", "Start again.", e);
        }
    }

    private static CannotStart unusable(PostgresAddress address, String setting, SQLException e) {
        // The driver says no more than that it failed
        String why = e.getCause() instanceof UnknownHostException ? "its host is not known." : e.getMessage();
        return new CannotStart(
                "The database " + address + " cannot be used: " + why, "Check that it runs, and " + setting + ".", e);
    }
}
