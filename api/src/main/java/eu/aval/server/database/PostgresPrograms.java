// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.database;

import eu.aval.server.shared.CannotStart;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code initdb} and {@code pg_ctl}, run on one cluster. */
final class PostgresPrograms {

    private static final Logger log = LoggerFactory.getLogger(PostgresPrograms.class);
    /** Recovery after a crash can take minutes; each few seconds a line says so. */
    private static final Duration START_TIMEOUT = Duration.ofMinutes(30);

    private static final Duration PROGRESS = Duration.ofSeconds(5);

    private final PostgresBinaries binaries;
    private final Path home;
    private final List<String> prefix;

    PostgresPrograms(PostgresBinaries binaries, Path home) throws IOException {
        this.binaries = binaries;
        this.home = home;
        this.prefix = Superuser.is() ? Superuser.prefix() : List.of();
    }

    Path cluster() {
        return home.resolve("cluster");
    }

    /** Made under another name and renamed at the end: a start cut off in the middle leaves no half of a cluster. */
    void initialise(String user, Path passwordFile, boolean durable) throws IOException {
        Path partial = home.resolve("cluster.partial");
        if (Files.exists(partial)) {
            PostgresBinaries.delete(partial);
        }
        Run run = run(
                Duration.ofMinutes(10),
                "initdb",
                "--pgdata=" + partial,
                "--username=" + user,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--locale=C.UTF-8",
                durable ? "--data-checksums" : "--no-sync");
        if (run.exitCode() != 0) {
            throw failed("The database cannot be created in " + home, run);
        }
        Files.move(partial, cluster(), StandardCopyOption.ATOMIC_MOVE);
    }

    void start(int port) {
        Run run = run(
                START_TIMEOUT.plusSeconds(10),
                "pg_ctl",
                "start",
                "--wait",
                "--timeout=" + START_TIMEOUT.toSeconds(),
                "--pgdata=" + cluster(),
                "--log=" + startLog(),
                "--options=-p " + port);
        if (run.exitCode() != 0) {
            throw failed("PostgreSQL does not start on the data in " + home, run);
        }
    }

    /** Also on a thread that was interrupted: an end that is cut off is no end. */
    void stop(Duration patience) {
        boolean interrupted = Thread.interrupted();
        try {
            stopUninterrupted(patience);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void stopUninterrupted(Duration patience) {
        if (running().isEmpty()) {
            return;
        }
        Run run = run(
                patience.plusSeconds(10),
                "pg_ctl",
                "stop",
                "--wait",
                "--mode=fast",
                "--timeout=" + patience.toSeconds(),
                "--pgdata=" + cluster());
        if (run.exitCode() != 0 && running().isPresent()) {
            log.warn("PostgreSQL does not stop within {} s: stopping it at once", patience.toSeconds());
            run(patience, "pg_ctl", "stop", "--wait", "--mode=immediate", "--pgdata=" + cluster());
        }
    }

    /**
     * A server that was killed leaves its PostgreSQL running, with the options of then; and a machine that crashed leaves
     * a pid that may be another process's by now. The lock of the folder is ours, so nobody else uses it.
     */
    void stopOrphan() throws IOException {
        if (!Files.exists(pidFile())) {
            return;
        }
        if (running().isPresent()) {
            log.info("Stopping the PostgreSQL that an earlier start of the server left behind ...");
            stop(Duration.ofSeconds(60));
            if (running().isPresent()) {
                throw new CannotStart(
                        "The PostgreSQL that an earlier start left behind does not stop (process "
                                + running().get().pid() + ").",
                        "Stop that process, then start again.");
            }
        }
        // PostgreSQL itself would refuse if the pid were any living process, e.g. after a restart of a container
        Files.deleteIfExists(pidFile());
    }

    void requireSameMajorVersion() throws IOException {
        String ofData = Files.readString(cluster().resolve("PG_VERSION")).strip();
        Run run = run(Duration.ofMinutes(1), "postgres", "--version");
        String ofPrograms = run.output().replaceAll("(?s)^\\D*(\\d+).*", "$1");
        if (!ofData.equals(ofPrograms)) {
            throw new CannotStart(
                    "The data in " + home + " were written by PostgreSQL " + ofData + "; this server brings PostgreSQL "
                            + ofPrograms + ".",
                    "Export them with the server version that wrote them (pg_dump) and import them here, or run a PostgreSQL "
                            + ofData + " on them and set AVAL_DB_URL.");
        }
    }

    boolean portWasTaken() {
        try {
            return Files.exists(startLog()) && tail(startLog()).contains("could not bind");
        } catch (IOException e) {
            return false;
        }
    }

    /** PostgreSQL itself would not start while the number of the process that ended is that of any living one. */
    void forgetDead() {
        try {
            if (running().isEmpty()) {
                Files.deleteIfExists(pidFile());
            }
        } catch (IOException e) {
            log.warn("{} cannot be deleted: {}", pidFile(), e.getMessage());
        }
    }

    /** False also for a postmaster that has ended and that nobody has buried, as in a container without an init. */
    boolean isRunning() {
        return running().isPresent();
    }

    /** The postmaster of this cluster, if it lives. */
    private Optional<ProcessHandle> running() {
        try {
            if (!Files.exists(pidFile())) {
                return Optional.empty();
            }
            long pid = Long.parseLong(Files.readAllLines(pidFile()).getFirst().strip());
            return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::isPostmaster);
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private boolean isPostmaster(ProcessHandle process) {
        Optional<String> command = process.info().command();
        Optional<String[]> arguments = process.info().arguments();
        if (command.isEmpty() || arguments.isEmpty()) {
            // Not ours to look into: then it is not ours at all, unless we lack rights, in which case starting fails
            // clearly
            return false;
        }
        return command.get().endsWith("/postgres")
                && List.of(arguments.get()).contains(cluster().toString());
    }

    private Path pidFile() {
        return cluster().resolve("postmaster.pid");
    }

    private Path startLog() {
        return home.resolve("start.log");
    }

    private CannotStart failed(String what, Run run) {
        String output = run.output();
        try {
            if (Files.exists(startLog())) {
                output = output + "\n" + tail(startLog());
            }
        } catch (IOException e) {
            log.debug("No log of PostgreSQL's start", e);
        }
        boolean full = output.contains("No space left on device");
        return new CannotStart(
                what + (full ? ": the disk is full." : ".\n" + output.strip()),
                full
                        ? "Make room on the disk of " + home + ", then start again."
                        : "See " + home.resolve("log") + " and " + startLog() + ".");
    }

    private static String tail(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 8), lines.size()));
    }

    private record Run(int exitCode, String output) {}

    private Run run(Duration patience, String program, String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.add(binaries.program(program).toString());
        command.addAll(List.of(arguments));
        try {
            Path output = Files.createTempFile(home, program, ".out");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .directory(home.toFile())
                        .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
                builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
                builder.environment().put("LC_ALL", "C");
                Process process = builder.start();
                boolean ended = await(process, program, patience);
                return new Run(ended ? process.exitValue() : -1, Files.readString(output));
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new CannotStart(
                    program + " cannot be run: " + e.getMessage(), "Set AVAL_DB_URL to a PostgreSQL of your own.", e);
        }
    }

    private static boolean await(Process process, String program, Duration patience) {
        try {
            for (long waited = 0; waited < patience.toSeconds(); waited += PROGRESS.toSeconds()) {
                if (process.waitFor(PROGRESS.toSeconds(), TimeUnit.SECONDS)) {
                    return true;
                }
                log.info("Still waiting for {} ({} s) ...", program, waited + PROGRESS.toSeconds());
            }
            process.destroyForcibly();
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            return false;
        }
    }
}
