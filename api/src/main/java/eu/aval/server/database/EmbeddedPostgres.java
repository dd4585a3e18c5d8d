// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.database;

import eu.aval.server.shared.CannotStart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * A PostgreSQL of the server's own: a persistent cluster in one folder, on the loopback interface, with passwords,
 * durable. It is driven by {@code initdb} and {@code pg_ctl}; {@code pg_ctl} puts it into a session of its own, so that
 * a Ctrl-C meant for the server does not take its database away while it drains.
 *
 * <p>Blocks; for start-up and shutdown only.
 */
public final class EmbeddedPostgres implements AutoCloseable {

    static final String SUPERUSER = "postgres";

    private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);
    private static final long ROOM_TO_START = 256L << 20;

    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofSeconds(5);
    /** Five minutes: time to make room on a disk. */
    private static final int RETRIES = 60;

    private static final Map<String, String> SETTINGS = Map.ofEntries(
            // Durable: an acknowledged commit survives a power cut
            Map.entry("fsync", "on"),
            Map.entry("synchronous_commit", "on"),
            Map.entry("full_page_writes", "on"),
            // Reachable from this machine only, with a password
            Map.entry("listen_addresses", "'127.0.0.1'"),
            Map.entry("unix_socket_directories", "''"),
            Map.entry("password_encryption", "'scram-sha-256'"),
            // Small: beside a server of a few hundred megabytes
            Map.entry("shared_buffers", "'256MB'"),
            Map.entry("effective_cache_size", "'512MB'"),
            Map.entry("max_connections", "50"),
            Map.entry("work_mem", "'8MB'"),
            Map.entry("maintenance_work_mem", "'64MB'"),
            Map.entry("wal_buffers", "'8MB'"),
            Map.entry("jit", "off"),
            // Few checkpoints under load; recovery still takes seconds
            Map.entry("checkpoint_timeout", "'10min'"),
            Map.entry("checkpoint_completion_target", "0.9"),
            Map.entry("max_wal_size", "'1GB'"),
            // Segments of the log are used again: a new one is written full of zeros first
            Map.entry("min_wal_size", "'512MB'"),
            Map.entry("wal_compression", "'pglz'"),
            Map.entry("random_page_cost", "1.1"),
            // Queue tables live by being vacuumed
            Map.entry("autovacuum_naptime", "'15s'"),
            Map.entry("autovacuum_vacuum_cost_limit", "1000"),
            Map.entry("timezone", "'UTC'"),
            // A week of logs, without the values of rows
            Map.entry("logging_collector", "on"),
            Map.entry("log_directory", "'../log'"),
            Map.entry("log_filename", "'postgresql-%a.log'"),
            Map.entry("log_truncate_on_rotation", "on"),
            Map.entry("log_rotation_age", "'1d'"),
            Map.entry("log_rotation_size", "0"),
            Map.entry("log_timezone", "'UTC'"),
            Map.entry("log_error_verbosity", "'terse'"),
            Map.entry("log_min_error_statement", "'panic'"));

    private final Path home;
    private final Map<String, String> settings;
    private final Credentials credentials;
    private final PostgresPrograms programs;
    private final DirectoryLock lock;
    /** What cuts a start off may end this process without closing anything. */
    private final Thread lastResort = new Thread(this::end, "postgres-last-resort");

    private int port;
    private volatile boolean wanted;
    private volatile Disposable watching = Disposables.disposed();

    private EmbeddedPostgres(
            Path home,
            Map<String, String> settings,
            Credentials credentials,
            PostgresPrograms programs,
            DirectoryLock lock) {
        this.home = home;
        this.settings = settings;
        this.credentials = credentials;
        this.programs = programs;
        this.lock = lock;
    }

    /** Starts the cluster of a folder, which it makes the first time. */
    public static EmbeddedPostgres start(Path home) {
        return start(home, home, Map.of());
    }

    /**
     * Starts with settings changed.
     *
     * @param binaries where the programs are unpacked; several clusters can share them
     * @param changes settings of {@code postgresql.conf} that differ from the durable ones
     */
    public static EmbeddedPostgres start(Path home, Path binaries, Map<String, String> changes) {
        Path folder = home.toAbsolutePath().normalize();
        createPrivately(folder);
        DirectoryLock lock = DirectoryLock.take(folder);
        try {
            requireRoom(folder);
            Files.createDirectories(binaries);
            Map<String, String> settings = new LinkedHashMap<>(SETTINGS);
            settings.putAll(changes);
            EmbeddedPostgres postgres = new EmbeddedPostgres(
                    folder,
                    settings,
                    Credentials.in(folder),
                    new PostgresPrograms(PostgresBinaries.unpack(binaries.toAbsolutePath()), folder),
                    lock);
            postgres.startCluster();
            return postgres;
        } catch (IOException e) {
            close(lock);
            throw new CannotStart(
                    "The embedded PostgreSQL in " + folder + " cannot be started: " + e.getMessage(),
                    "See " + folder.resolve("log") + ".",
                    e);
        } catch (RuntimeException e) {
            close(lock);
            throw e;
        }
    }

    /** The database {@code postgres} as its superuser. */
    public PostgresAddress superuser() {
        return new PostgresAddress(
                "127.0.0.1", port, SUPERUSER, SUPERUSER, credentials.password(SUPERUSER), Map.of("sslmode", "disable"));
    }

    Credentials credentials() {
        return credentials;
    }

    /** Stops it and keeps the lock and the port: {@link #restart} brings it back. */
    public synchronized void stop() {
        wanted = false;
        programs.stop(Duration.ofSeconds(60));
    }

    public synchronized void restart() {
        programs.start(port);
        wanted = true;
    }

    /**
     * From now on starts it again when it has ended though nobody stopped it: killed, or its disk was full.
     *
     * @param lost is told, once, when that has failed for too long
     */
    void watch(Consumer<CannotStart> lost) {
        watching = Flux.interval(LOOK, Schedulers.boundedElastic())
                .onBackpressureDrop()
                .concatMap(
                        look -> Mono.fromRunnable(this::revive)
                                .subscribeOn(Schedulers.boundedElastic())
                                .retryWhen(Retry.fixedDelay(RETRIES, RETRY)
                                        .doBeforeRetry(failed -> log.error(
                                                "PostgreSQL is tried again in {} s. {}",
                                                RETRY.toSeconds(),
                                                failed.failure().getMessage()))
                                        .onRetryExhaustedThrow((spec, failed) -> failed.failure())),
                        1)
                .subscribe(revived -> {}, failure -> {
                    if (wanted) {
                        lost.accept(
                                failure instanceof CannotStart known
                                        ? known
                                        : new CannotStart(
                                                "PostgreSQL cannot be started again.", "See the log.", failure));
                    }
                });
    }

    private synchronized void revive() {
        if (!wanted || programs.isRunning()) {
            return;
        }
        log.error("PostgreSQL has ended though nobody stopped it: starting it again ...");
        try {
            programs.start(port);
            log.info("PostgreSQL runs again on 127.0.0.1:{}", port);
        } catch (CannotStart e) {
            // By the next attempt whatever belonged to the one that ended has ended as well, though its number may
            // still
            // be taken: by a process that nobody has buried, or by another
            programs.forgetDead();
            throw e;
        }
    }

    @Override
    public void close() {
        watching.dispose();
        try {
            stop();
        } finally {
            keepUntilClosed();
            close(lock);
        }
    }

    /** Whoever has started the server closes this as well. */
    void keepUntilClosed() {
        try {
            boolean unused = Runtime.getRuntime().removeShutdownHook(lastResort);
        } catch (IllegalStateException e) {
            // The process ends, and this with it
        }
    }

    private void end() {
        wanted = false;
        watching.dispose();
        programs.stop(Duration.ofSeconds(20));
    }

    private void startCluster() throws IOException {
        Runtime.getRuntime().addShutdownHook(lastResort);
        programs.stopOrphan();
        if (!Files.exists(programs.cluster().resolve("PG_VERSION"))) {
            log.info("First start creates the database (about 8 s) ...");
            programs.initialise(SUPERUSER, credentials.file(SUPERUSER), "on".equals(settings.get("fsync")));
        }
        programs.requireSameMajorVersion();
        configure();
        CannotStart failure = null;
        for (int attempt = 0; attempt < 3; attempt++) {
            port = freePort();
            try {
                programs.start(port);
                wanted = true;
                log.info("PostgreSQL runs on 127.0.0.1:{}, data in {}", port, home);
                return;
            } catch (CannotStart e) {
                failure = e;
                if (!programs.portWasTaken()) {
                    break;
                }
            }
        }
        throw failure == null ? new IllegalStateException("Never tried") : failure;
    }

    private void configure() throws IOException {
        String lines = settings.entrySet().stream()
                .map(setting -> setting.getKey() + " = " + setting.getValue())
                .sorted()
                .collect(Collectors.joining("\n", "# Written at each start of the server\n", "\n"));
        Path cluster = programs.cluster();
        replace(cluster.resolve("postgresql.conf"), lines);
        replace(cluster.resolve("pg_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\n");
    }

    private static void replace(Path file, String content) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.writeString(next, content);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void createPrivately(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new CannotStart(
                    "The data directory " + folder + " cannot be made: "
                            + (e instanceof AccessDeniedException ? "access is denied." : e.getMessage()),
                    "Let this user write there, or set AVAL_DATA to another folder.",
                    e);
        }
    }

    private static void requireRoom(Path folder) throws IOException {
        long room = Files.getFileStore(folder).getUsableSpace();
        if (room < ROOM_TO_START) {
            throw new CannotStart(
                    "The disk of the data directory " + folder + " is full: " + (room >> 20) + " MB are left.",
                    "Free at least " + (ROOM_TO_START >> 20) + " MB there, or set AVAL_DATA to another folder.");
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void close(DirectoryLock lock) {
        try {
            lock.close();
        } catch (IOException e) {
            log.warn("The lock of the data directory could not be released: {}", e.getMessage());
        }
    }
}
