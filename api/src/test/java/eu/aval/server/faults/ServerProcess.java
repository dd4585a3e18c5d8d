// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.faults;

import eu.aval.server.FreshDatabase;
import eu.aval.server.Platform;
import java.io.File;
import java.io.IOException;
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
import java.util.stream.Collectors;

/** The server in a process of its own, on a database of the test, with the demo tenant. */
final class ServerProcess implements AutoCloseable {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private final Process process;
    private final URI url;
    private final Path log;

    private ServerProcess(Process process, URI url, Path log) {
        this.process = process;
        this.url = url;
        this.log = log;
    }

    /** Starts it and returns when it is ready. */
    static ServerProcess start(FreshDatabase database, Path data, Map<String, String> environment) throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Path log = data.resolve("server-" + port + ".log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(),
                Platform.class.getName()));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("AVAL_DATA", data.toString());
        builder.environment().put("AVAL_DB_URL", database.ownerUrl());
        builder.environment().put("AVAL_DB_APP_URL", database.appUrl());
        builder.environment().put("AVAL_DB_PLATFORM_URL", database.platformUrl());
        builder.environment().put("AVAL_DEMO", "true");
        builder.environment().put("AVAL_PORT", Integer.toString(port));
        builder.environment().putAll(environment);
        ServerProcess server = new ServerProcess(builder.start(), URI.create("http://127.0.0.1:" + port), log);
        server.awaitReady();
        return server;
    }

    /** Without the test classes: some of them are beans for tests that run inside the server. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                        .split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private void awaitReady() throws Exception {
        for (int tenths = 0; tenths < 1_200; tenths++) {
            if (!process.isAlive()) {
                throw new AssertionError("The server ended: " + Files.readString(log));
            }
            try {
                if (HTTP.send(
                                        HttpRequest.newBuilder(url.resolve("/actuator/health/readiness"))
                                                .timeout(Duration.ofSeconds(5))
                                                .build(),
                                        HttpResponse.BodyHandlers.discarding())
                                .statusCode()
                        == 200) {
                    return;
                }
            } catch (IOException e) {
                // not yet
            }
            Thread.sleep(100);
        }
        kill();
        throw new AssertionError("The server is not ready: " + Files.readString(log));
    }

    /** The body of a 202 to {@code POST /v1/messages}; an exception for anything else. */
    String send(String key, String to, String text) throws IOException, InterruptedException {
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(url.resolve("/v1/messages"))
                        .timeout(Duration.ofSeconds(10))
                        .header("Authorization", "Bearer " + key)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "{\"to\":\"" + to + "\",\"text\":\"" + text + "\",\"purpose\":\"transactional\"}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 202) {
            throw new IOException(answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    /** What a power cut does to it: SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }
}
