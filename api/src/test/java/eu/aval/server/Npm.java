// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The programs that {@code src/test/npm} pins, installed once into {@code target/npm}. Tests that need them are skipped on
 * a machine without Node.js, or where they cannot be had; with {@code CI=true} they fail instead.
 */
public final class Npm {

    /** What a program printed, standard error included. */
    public record Result(int status, String output) {

        /** @throws AssertionError with what it printed, when it failed */
        public String succeeded() {
            assertThat(status).as(output).isZero();
            return output;
        }
    }

    private static final Path PINNED = Path.of("src", "test", "npm");
    private static final Path DIRECTORY = Path.of("target", "npm");
    private static final List<String> FILES = List.of("package.json", "package-lock.json", ".npmrc");
    private static final int OLDEST_NODE = 18;
    private static final int PATIENCE_SECONDS = 240;

    /** Looked for once. */
    private static final class Installation {

        static final @Nullable String MISSING = install();
    }

    private Npm() {}

    /** Installed; else the test is skipped, and the log says why. */
    public static Npm installed() {
        var missing = Installation.MISSING;
        if (missing != null) {
            var reason = "Skipped: " + missing + ". Node.js " + OLDEST_NODE + " or newer with npm is needed";
            assertThat(System.getenv("CI")).as(reason).isNotEqualTo("true");
            System.out.println(reason);
            assumeThat(missing).as(reason).isNull();
        }
        return new Npm();
    }

    /** A file of {@code src/test/npm}. */
    public Path file(String name) {
        return PINNED.resolve(name).toAbsolutePath();
    }

    /** Where the packages are: a program that runs below it finds them. */
    public Path directory() {
        return DIRECTORY.toAbsolutePath();
    }

    /** Runs one of the pinned programs, as {@code tsc}, in a folder. */
    public Result run(Path folder, String program, String... arguments) {
        return node(
                folder,
                Stream.concat(
                                Stream.of(directory()
                                        .resolve("node_modules/.bin")
                                        .resolve(program)
                                        .toString()),
                                Stream.of(arguments))
                        .toArray(String[]::new));
    }

    /** Runs a script in a folder. */
    public Result node(Path folder, String... scriptAndArguments) {
        List<String> command = new ArrayList<>();
        command.add(program("node").orElseThrow().toString());
        command.addAll(List.of(scriptAndArguments));
        return execute(folder, command);
    }

    /** Runs any program, for at most four minutes. */
    public static Result execute(Path folder, List<String> command) {
        try {
            var output = Files.createTempFile(Files.createDirectories(DIRECTORY), "output-", ".log");
            var builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(Map.of("NO_UPDATE_NOTIFIER", "1", "NO_COLOR", "1"));
            var process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
            var printed = Files.readString(output);
            Files.delete(output);
            return new Result(process.exitValue(), String.join(" ", command) + "\n" + printed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Why they are not there; null when they are. */
    private static @Nullable String install() {
        var node = program("node");
        var npm = program("npm");
        if (node.isEmpty() || npm.isEmpty()) {
            return "there is no node, or no npm, on the PATH";
        }
        var version = execute(Path.of("."), List.of(node.get().toString(), "-p", "process.versions.node"));
        var major = version.output().lines().skip(1).findFirst().orElse("0").split("\\.")[0];
        if (Integer.parseInt(major) < OLDEST_NODE) {
            return "Node.js is of version " + major;
        }
        try {
            // What is installed says of itself what it was installed from
            var stamp = DIRECTORY.resolve("installed.json");
            if (Files.exists(stamp) && Files.mismatch(stamp, PINNED.resolve("package-lock.json")) < 0) {
                return null;
            }
            Files.createDirectories(DIRECTORY);
            for (var file : FILES) {
                Files.copy(PINNED.resolve(file), DIRECTORY.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
            var result = execute(DIRECTORY, List.of(npm.get().toString(), "ci", "--prefer-offline"));
            if (result.status() != 0) {
                return "npm could not install: " + result.output();
            }
            Files.copy(PINNED.resolve("package-lock.json"), stamp, StandardCopyOption.REPLACE_EXISTING);
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Path> program(String name) {
        return Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(":"))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
