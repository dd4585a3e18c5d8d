// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.faults;

import eu.aval.server.FreshDatabase;
import eu.aval.server.Platform;
import java.io.File;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The server in a process of its own, with the demo tenant. */
final class ServerProcess implements AutoCloseable {

    /** A busy machine starts a server in minutes. */
    static final Duration PATIENCE = Duration.ofMinutes(5);

    /** And a test starts up to six. */
    static final int TEST_MINUTES = 20;

    private static final int SIGINT = 2;

    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(60)).build();
    private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f-]{36})\"");

    private final Process process;
    private final URI url;
    private final Path data;
    private final Path log;

    private ServerProcess(Process process, URI url, Path data, Path log) {
        this.process = process;
        this.url = url;
        this.data = data;
        this.log = log;
    }

    /** Starts it on a database of the test and returns when it is ready. */
    static ServerProcess start(FreshDatabase database, Path data, Map<String, String> environment) throws Exception {
        ServerProcess server = launch(data, on(database, environment), "-Xmx256m");
        server.awaitReady();
        return server;
    }

    /** Settings of a server on a database of the test. */
    static Map<String, String> on(FreshDatabase database, Map<String, String> more) {
        Map<String, String> environment = new java.util.HashMap<>(Map.of(
                "AVAL_DB_URL", database.ownerUrl(),
                "AVAL_DB_APP_URL", database.appUrl(),
                "AVAL_DB_PLATFORM_URL", database.platformUrl(),
                "AVAL_DEMO", "true"));
        environment.putAll(more);
        return environment;
    }

    /** Starts it and does not wait. Without a database in {@code environment} it starts its own. */
    static ServerProcess launch(Path data, Map<String, String> environment, String... jvm) throws IOException {
        String port = environment.getOrDefault("AVAL_PORT", Integer.toString(freePort()));
        Path log = Files.createTempFile(Files.createDirectories(data), "server-" + port + "-", ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(jvm));
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(),
                Platform.class.getName()));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("AVAL_"));
        builder.environment().put("AVAL_DATA", data.toString());
        builder.environment().putAll(environment);
        builder.environment().put("AVAL_PORT", port);
        return new ServerProcess(builder.start(), URI.create("http://127.0.0.1:" + port), data, log);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Without the test classes: some of them are beans for tests that run inside the server. */
    private static String classPath() {
        Path tests = Path.of(URI.create(ServerProcess.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()));
        return Arrays.stream(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                        .split(File.pathSeparator))
                .filter(entry -> !Path.of(entry).toAbsolutePath().equals(tests))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Looks again and again until it is so. */
    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("Waited in vain for " + what);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
        }
    }

    void awaitReady() {
        await("the server: " + log, () -> {
            if (!process.isAlive()) {
                throw new AssertionError("The server ended: " + log());
            }
            try {
                return get("/actuator/health/readiness").statusCode() == 200;
            } catch (IOException e) {
                return false;
            }
        });
    }

    URI url() {
        return url;
    }

    /** What it has printed so far. */
    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** A line of {@code demo.env}. */
    String demo(String name) throws IOException {
        return Files.readAllLines(data.resolve("demo.env")).stream()
                .filter(line -> line.startsWith(name + "="))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElseThrow();
    }

    HttpResponse<String> get(String path) throws IOException {
        return exchange(request(path, null).GET().build());
    }

    HttpResponse<String> get(String path, String key) throws IOException {
        return exchange(request(path, key).GET().build());
    }

    HttpResponse<String> post(String path, String key, String contentType, HttpRequest.BodyPublisher body)
            throws IOException {
        return exchange(request(path, key)
                .header("Content-Type", contentType)
                .POST(body)
                .build());
    }

    /** Whatever is answered to {@code POST /v1/messages}. */
    HttpResponse<String> post(String key, String to, String text) throws IOException {
        return post(
                "/v1/messages",
                key,
                "application/json",
                HttpRequest.BodyPublishers.ofString(
                        "{\"to\":\"" + to + "\",\"text\":\"" + text + "\",\"purpose\":\"transactional\"}"));
    }

    /** The id in a 202 to {@code POST /v1/messages}; an exception for anything else. */
    UUID send(String key, String to, String text) throws IOException {
        HttpResponse<String> answer = post(key, to, text);
        if (answer.statusCode() != 202) {
            throw new IOException(answer.statusCode() + " " + answer.body());
        }
        Matcher id = ID.matcher(answer.body());
        if (!id.find()) {
            throw new IOException("No id in " + answer.body());
        }
        return UUID.fromString(id.group(1));
    }

    private HttpRequest.Builder request(String path, @org.jspecify.annotations.Nullable String key) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve(path)).timeout(Duration.ofMinutes(10));
        return key == null ? request : request.header("Authorization", "Bearer " + key);
    }

    private static HttpResponse<String> exchange(HttpRequest request) throws IOException {
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What a power cut does to it: SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Asks it to end, by SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Not where the build itself was started in the background of a script: the shell has its children ignore Ctrl-C. */
    boolean heedsInterrupt() throws IOException {
        Path status = Path.of("/proc/" + process.pid() + "/status");
        return !Files.exists(status)
                || Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .map(line -> new BigInteger(line.substring(7).strip(), 16))
                        .noneMatch(ignored -> ignored.testBit(SIGINT - 1));
    }

    /** What Ctrl-C does. */
    void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    }

    /** The exit code, once it has ended. */
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("The server does not end: " + log());
        }
        return process.exitValue();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        awaitEnd();
    }
}
