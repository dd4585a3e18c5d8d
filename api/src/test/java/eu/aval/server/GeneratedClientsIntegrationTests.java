// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.util.FileSystemUtils;

/**
 * Clients that openapi-generator makes of the contract: they compile, and a program of {@code src/test/clients} sends with
 * them. Each is a process of its own that knows nothing of the server's class path.
 */
@PlatformTest
final class GeneratedClientsIntegrationTests {

    private static final Path CONTRACT = Path.of("..", "schema", "openapi", "aval.yaml");
    private static final Path CLIENTS = Path.of("src", "test", "clients");
    private static final Path GENERATOR = Path.of("target", "openapi-generator", "openapi-generator-cli.jar");
    private static final Path LIBRARIES = Path.of("target", "client-libraries");
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin");

    /** What each program says. */
    private static final String[] EXPECTED = {
        "sent 202 false",
        "sent 202 true true",
        "DELIVERED true ACCEPTED",
        "listed true",
        "batch 1 1 INVALID_NUMBER",
        "problem 422 PURPOSE_UNKNOWN false"
    };

    @Autowired
    private RestSetup rest;

    @Autowired
    private SendingSetup sending;

    @LocalServerPort
    private int port;

    @Test
    void sendsWithAClientInJava() throws IOException {
        Path folder = generated("java", Path.of("target", "client-java"));
        Path classes = Files.createDirectories(folder.resolve("classes"));
        String libraries = LIBRARIES.toAbsolutePath() + "/*";
        List<String> compile = new ArrayList<>(List.of(
                JAVA.resolve("javac").toString(),
                "-proc:none",
                "-nowarn",
                "--release",
                "11",
                "-classpath",
                libraries,
                "-d",
                classes.toString()));
        compile.addAll(sources(folder.resolve("client/src/main/java")));
        compile.add(folder.resolve("FirstMessage.java").toString());
        Npm.execute(folder, compile).succeeded();

        said(Npm.execute(
                folder,
                List.of(
                        JAVA.resolve("java").toString(),
                        "-classpath",
                        classes + File.pathSeparator + libraries,
                        "FirstMessage",
                        url(),
                        rest.key(sending.tenant()))));
    }

    @Test
    void sendsWithAClientInTypeScript() throws IOException {
        Npm npm = Npm.installed();
        Path folder = generated("typescript", Path.of("target", "client-typescript"));
        npm.run(folder, "tsc", "--project", ".").succeeded();

        said(npm.node(folder, "out/first-message.js", url(), rest.key(sending.tenant())));
    }

    private String url() {
        return "http://localhost:" + port;
    }

    private static void said(Npm.Result result) {
        assertThat(result.succeeded().lines().skip(1)).containsExactly(EXPECTED);
    }

    /** A copy of the program, with the client made anew in {@code client} beside it. */
    private static Path generated(String language, Path target) throws IOException {
        Path folder = target.toAbsolutePath();
        FileSystemUtils.deleteRecursively(folder);
        FileSystemUtils.copyRecursively(CLIENTS.resolve(language), folder);
        Npm.execute(
                        folder,
                        List.of(
                                JAVA.resolve("java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-jar",
                                GENERATOR.toAbsolutePath().toString(),
                                "generate",
                                "--config",
                                "generator.yaml",
                                "--input-spec",
                                CONTRACT.toRealPath().toString(),
                                "--output",
                                "client"))
                .succeeded();
        return folder;
    }

    private static List<String> sources(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(Path::toString)
                    .filter(name -> name.endsWith(".java"))
                    .toList();
        }
    }
}
