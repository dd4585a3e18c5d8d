// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.plugin;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** A carrier's jar, compiled from a few lines of source. */
public final class TestPlugin {

    private static final String SOURCE = """
            package test.carrier;
            import eu.aval.spi.*;
            import eu.aval.spi.config.*;
            import eu.aval.spi.event.*;
            import eu.aval.spi.failure.*;
            import eu.aval.spi.submit.*;
            import java.time.Duration;
            import java.util.*;
            import reactor.core.publisher.*;
            import reactor.core.scheduler.Schedulers;
            public class Provider implements CarrierProvider {
                public Provider() { %constructor% }
                public CarrierDescriptor descriptor() {
                    return new CarrierDescriptor("%id%", "Test", Set.of(%capabilities%), List.of(
                        ConfigurationProperty.optional("window", ConfigurationProperty.Type.INTEGER, "How many"),
                        ConfigurationProperty.optional("password", ConfigurationProperty.Type.SECRET, "Password")));
                }
                public Mono<Carrier> open(CarrierConfiguration configuration, CarrierContext context) {
                    %open%
                    return Mono.just(new Carrier() {
                        public Mono<SubmitOutcome> submit(SubmitRequest request) { %submit% }
                        public Mono<CarrierHealth> health() { %health% }
                        public Throughput throughput() { return new Throughput(0, 20, %timeout%); }
                        public Mono<Void> close(Duration grace) { %close% }
                    });
                }
            }
            """;

    private final Map<String, String> code = new LinkedHashMap<>(Map.of(
            "id", "test",
            "constructor", "",
            "capabilities", "",
            "open", "",
            "submit", "return Mono.just(SubmitOutcome.accepted(\"id\"));",
            "health", "return Mono.just(CarrierHealth.up(\"well\"));",
            "timeout", "Duration.ofSeconds(30)",
            "close", "return Mono.empty();"));
    private final Map<String, String> manifest = new LinkedHashMap<>();
    private final Map<String, byte[]> extra = new LinkedHashMap<>();

    public TestPlugin(String id, String version) {
        code.put("id", id);
        manifest.put("Manifest-Version", "1.0");
        manifest.put("Plugin-Id", id);
        manifest.put("Plugin-Version", version);
        manifest.put("Plugin-Requires", ">=1.0.0 & <2.0.0");
    }

    /** Replaces the body of the constructor, open, submit, health or close, or the capabilities, or the timeout. */
    public TestPlugin with(String place, String java) {
        code.put(place, java);
        return this;
    }

    public TestPlugin manifest(String name, String value) {
        manifest.put(name, value);
        return this;
    }

    public String id() {
        return String.valueOf(code.get("id"));
    }

    TestPlugin entry(String name, byte[] content) {
        extra.put(name, content);
        return this;
    }

    /** Writes the jar; its SHA-256. */
    public String writeTo(Path jar) throws IOException {
        String source = SOURCE;
        for (var part : code.entrySet()) {
            source = source.replace("%" + part.getKey() + "%", part.getValue());
        }
        Path work = Files.createTempDirectory("test-plugin");
        Path file = Files.createDirectories(work.resolve("test/carrier")).resolve("Provider.java");
        Files.writeString(file, source);
        var messages = new StringWriter();
        boolean compiled = ToolProvider.getSystemJavaCompiler()
                .getTask(
                        messages,
                        null,
                        null,
                        List.of("-proc:none", "-d", work.toString(), "-cp", System.getProperty("java.class.path")),
                        null,
                        ToolProvider.getSystemJavaCompiler()
                                .getStandardFileManager(null, null, null)
                                .getJavaFileObjects(file))
                .call();
        if (!compiled) {
            throw new IllegalStateException(messages.toString());
        }
        var attributes = new Manifest();
        manifest.forEach((name, value) -> attributes.getMainAttributes().putValue(name, value));
        Files.createDirectories(jar.toAbsolutePath().getParent());
        try (var out = new JarOutputStream(Files.newOutputStream(jar), attributes);
                Stream<Path> classes = Files.walk(work)) {
            for (Path one :
                    classes.filter(path -> path.toString().endsWith(".class")).toList()) {
                put(out, work.relativize(one).toString(), Files.readAllBytes(one));
            }
            put(out, JarInspection.PROVIDER_FILE, "test.carrier.Provider".getBytes(StandardCharsets.UTF_8));
            for (var entry : extra.entrySet()) {
                put(out, entry.getKey(), entry.getValue());
            }
        }
        return PrivateCopies.sha256(Files.readAllBytes(jar));
    }

    private static void put(JarOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(content);
        out.closeEntry();
    }
}
