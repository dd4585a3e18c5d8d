// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import eu.aval.server.encryption.KeysUnusable;
import eu.aval.server.encryption.SealBroken;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import io.r2dbc.spi.R2dbcTimeoutException;
import io.r2dbc.spi.R2dbcTransientResourceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;

/** Tells a database that cannot be reached, or takes nothing more, from a statement that failed. */
public final class StoreFailures {

    private static final Trouble DATABASE = new Trouble(LoggerFactory.getLogger(StoreFailures.class), "The database");
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    /** What an administrator can do about, by SQLSTATE. */
    private static final Map<String, String> KNOWN = Map.of(
            "08P01", "it refuses what a connection asks for, as poolers do. Connect to PostgreSQL itself",
            "53100", "its disk is full. Make room there; it goes on by itself",
            "53300", "all its connections are taken. Raise max_connections or lower the pools' sizes",
            "25006", "it is read-only: a standby, or default_transaction_read_only is on",
            "28P01",
                    "it refuses the password of this server's login. Correct it in AVAL_DB_URL and its like, and restart",
            "28000", "it does not let this server's login in. Look at pg_hba.conf and at the login",
            "3D000", "it is not there under its name, as while it is restored");

    private static final String DISK_FULL = "53100";

    private static volatile @Nullable Long fullAt;

    private StoreFailures() {}

    /** A {@link Problem} if the database is the reason; else the failure itself. */
    static Throwable translate(Throwable failure) {
        if (failure instanceof Problem) {
            return failure;
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UncheckedIOException) {
                // a file of ours, as the key file: a connection fails otherwise
                return failure;
            }
            if (isUnavailable(cause)) {
                DATABASE.failed(failure, description(cause));
                if (DISK_FULL.equals(sqlState(cause))) {
                    fullAt = System.nanoTime();
                }
                return new Problem(
                        ProblemType.STORE_UNAVAILABLE, "The database is not available.", List.of(), RETRY_AFTER);
            }
        }
        return failure;
    }

    /** Whether the database had no room in this time. It has some for small changes while it has none for what is sent. */
    static boolean wasFullWithin(Duration time) {
        Long at = fullAt;
        return at != null && System.nanoTime() - at < time.toNanos();
    }

    /** A transaction has ended well. */
    static void worked() {
        DATABASE.worked();
    }

    /** A failure that the database gives, or that what it holds gives: where in this server it showed says nothing. */
    static boolean isOfTheStore(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Problem
                    || cause instanceof SealBroken
                    || cause instanceof KeysUnusable
                    || cause instanceof DataAccessException
                    || isUnavailable(cause)) {
                return true;
            }
        }
        return sqlState(failure) != null;
    }

    private static boolean isUnavailable(Throwable failure) {
        if (failure instanceof R2dbcException refused && refused.getSqlState() != null) {
            return isOutage(refused.getSqlState());
        }
        return failure instanceof R2dbcNonTransientResourceException
                || failure instanceof R2dbcTransientResourceException
                || failure instanceof R2dbcTimeoutException
                || failure instanceof CannotCreateTransactionException
                || failure instanceof IOException
                || failure instanceof TimeoutException;
    }

    /**
     * 08: connection; 28: login refused; 3D000: no such database; 53: disk, memory or connections used
     * up; 57P: shut down; 57014: took too long; 58: the system below; 25006: read-only; 25P03: this server
     * was asleep within a transaction.
     */
    private static boolean isOutage(String state) {
        return state.startsWith("08")
                || state.startsWith("28")
                || state.startsWith("53")
                || state.startsWith("57P")
                || state.startsWith("58")
                || state.equals("57014")
                || state.equals("25006")
                || state.equals("25P03")
                || state.equals("3D000");
    }

    /** For a log: the kind of the failure, and no message that could quote a row. */
    public static String describe(Throwable error) {
        if (error instanceof Problem problem) {
            return problem.type().name();
        }
        if (error instanceof SealBroken || error instanceof KeysUnusable) {
            // They name a place or a keyset, and say nothing of what is in it
            return String.valueOf(error.getMessage());
        }
        String state = sqlState(error);
        return error.getClass().getSimpleName() + (state == null ? "" : ", SQLSTATE " + state);
    }

    /** Of the failure or of what caused it; null when the database gave none. */
    public static @Nullable String sqlState(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof R2dbcException failure && failure.getSqlState() != null) {
                return failure.getSqlState();
            }
        }
        return null;
    }

    /** Messages of failed statements can hold values of rows; those of the connection cannot. */
    static String description(Throwable failure) {
        String kind = failure.getClass().getSimpleName();
        return failure instanceof R2dbcException refused && refused.getSqlState() != null
                ? KNOWN.getOrDefault(refused.getSqlState(), kind + " " + refused.getSqlState())
                : kind;
    }
}
