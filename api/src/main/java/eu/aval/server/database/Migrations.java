// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.database;

import eu.aval.server.shared.CannotStart;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.UpdateSummaryOutputEnum;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.ChangeSet.ExecType;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.changelog.visitor.AbstractChangeExecListener;
import liquibase.database.Database;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.LiquibaseException;
import liquibase.resource.ClassLoaderResourceAccessor;
import liquibase.ui.LoggerUIService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the schema to this server's version by the owner role, or only checks that it is there. */
final class Migrations {

    private static final Logger log = LoggerFactory.getLogger(Migrations.class);
    private static final String CHANGES = "database/db.changelog-master.yaml";
    private static final String SCHEMA = "aval";
    /** Ours among advisory locks: "aval" in ASCII. */
    private static final long ONE_AT_A_TIME = 0x6176616CL;

    private static final Duration LONGEST_LOCK = Duration.ofSeconds(1);
    private static final int MOST_ATTEMPTS = 200;
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    /** It writes to java.util.logging, which nobody has set up in a test or before Spring Boot has. Kept from being collected. */
    private static final java.util.logging.Logger LIQUIBASE = java.util.logging.Logger.getLogger("liquibase");

    static {
        LIQUIBASE.setLevel(java.util.logging.Level.WARNING);
    }

    private Migrations() {}

    /** Applies what is missing. Nodes that start together wait for each other. */
    static void migrate(Jdbc owner) throws SQLException {
        if (!owner.isTrue("pg_try_advisory_lock(" + ONE_AT_A_TIME + ")")) {
            log.info("Another node migrates the database: waiting for it ...");
            owner.run("select pg_advisory_lock(" + ONE_AT_A_TIME + ")");
        }
        releaseStaleLock(owner);
        owner.run("set lock_timeout = '" + LONGEST_LOCK.toMillis() + "ms'");
        for (int attempt = 1; !applied(owner, attempt); attempt++) {
            eu.aval.server.database.Database.pause();
        }
        LIQUIBASE.setLevel(java.util.logging.Level.WARNING);
        owner.run("reset lock_timeout");
        owner.run("select pg_advisory_unlock(" + ONE_AT_A_TIME + ")");
        check(owner);
    }

    /**
     * Applies what is missing; false if a transaction of somebody else was in the way. Whoever waits for a lock has all who
     * come later wait, too, also those who work with the older version meanwhile: so never for long.
     */
    private static boolean applied(Jdbc owner, int attempt) throws SQLException {
        try {
            withLiquibase(owner, liquibase -> {
                int missing = missing(liquibase).size();
                if (missing == 0) {
                    log.info("The database is up to date");
                } else {
                    if (attempt == 1) {
                        log.info("Migrating the database: {} changes ...", missing);
                    }
                    liquibase.setChangeExecListener(new Progress(missing));
                    liquibase.update(new Contexts());
                    log.info("The database is migrated");
                }
            });
            return true;
        } catch (CannotStart failure) {
            if (!owner.connection().getAutoCommit()) {
                owner.connection().rollback();
                owner.connection().setAutoCommit(true);
            }
            if (!isLocked(failure)) {
                throw failure;
            }
            if (attempt == MOST_ATTEMPTS) {
                throw new CannotStart(
                        "A transaction that does not end keeps the database from being migrated.",
                        "Find it in pg_stat_activity, as a pg_dump. Start again when it has ended.",
                        failure);
            }
            if (attempt % 20 == 1) {
                log.info("A transaction is in the way of a change, perhaps a pg_dump: trying again ...");
            }
            // Once told with a stack trace is enough
            LIQUIBASE.setLevel(java.util.logging.Level.OFF);
            return false;
        }
    }

    private static boolean isLocked(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException refused && LOCK_NOT_AVAILABLE.equals(refused.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    /** Refuses a schema that lacks a change this server needs; a newer one is left alone. */
    static void check(Jdbc owner) throws SQLException {
        withLiquibase(owner, liquibase -> {
            List<ChangeSet> missing = missing(liquibase);
            if (!missing.isEmpty()) {
                throw new CannotStart(
                        "The database lacks " + missing.size() + " changes, the first is "
                                + missing.getFirst().getId() + ".",
                        "Start once without AVAL_DB_MIGRATE=false, or apply schema/database with Liquibase.");
            }
            liquibase.listUnexpectedChangeSets(new Contexts(), new LabelExpression()).stream()
                    .reduce((earlier, later) -> later)
                    .ifPresent(newest -> log.warn(
                            "The database is newer than this server: it has the change {}. Start a server of that version",
                            newest.getId()));
        });
        for (String table : List.of("aval.tenant", "aval.message", "aval.dispatch", "aval_keys.subject_key")) {
            if (owner.isTrue("to_regclass('" + table + "') is null")) {
                throw new CannotStart(
                        "The table " + table + " is missing though the change log says that it was made.",
                        "Restore the database from a backup, or start with an empty one.");
            }
        }
    }

    /** Ours is the advisory lock, which ends with its session; Liquibase's own outlives a process that was killed. */
    private static void releaseStaleLock(Jdbc owner) throws SQLException {
        if (owner.isTrue("to_regclass('aval.databasechangeloglock') is not null")) {
            owner.run(
                    "update aval.databasechangeloglock set locked = false, lockgranted = null, lockedby = null where locked");
        }
    }

    private static List<ChangeSet> missing(Liquibase liquibase) throws LiquibaseException {
        return liquibase.listUnrunChangeSets(new Contexts(), new LabelExpression());
    }

    private interface Work {
        void with(Liquibase liquibase) throws LiquibaseException;
    }

    private static void withLiquibase(Jdbc owner, Work work) {
        try {
            Map<String, Object> scope = Map.of(
                    Scope.Attr.ui.name(),
                    new LoggerUIService(),
                    // It would tell its maker about us
                    "liquibase.analytics.enabled",
                    false);
            Scope.child(scope, () -> {
                Database database = DatabaseFactory.getInstance()
                        .findCorrectDatabaseImplementation(new JdbcConnection(owner.connection()));
                database.setDefaultSchemaName(SCHEMA);
                database.setLiquibaseSchemaName(SCHEMA);
                // Not closed: that would close the connection, which is the caller's
                Liquibase liquibase = new Liquibase(
                        CHANGES, new ClassLoaderResourceAccessor(Migrations.class.getClassLoader()), database);
                liquibase.setShowSummaryOutput(UpdateSummaryOutputEnum.LOG);
                work.with(liquibase);
                owner.connection().setAutoCommit(true);
            });
        } catch (CannotStart e) {
            throw e;
        } catch (Exception e) {
            throw new CannotStart(
                    "The database cannot be migrated: " + e.getMessage(),
                    "The database is as before the change that failed; see the log for it.",
                    e);
        }
    }

    private static final class Progress extends AbstractChangeExecListener {

        private final int total;
        private int done;

        Progress(int total) {
            this.total = total;
        }

        @Override
        public void ran(ChangeSet change, DatabaseChangeLog changeLog, Database database, ExecType type) {
            done++;
            if (done % 10 == 0) {
                log.info("... {} of {} changes", done, total);
            }
        }
    }
}
