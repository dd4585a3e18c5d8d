// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eu.aval.server.carrier.CarrierPlugin;
import eu.aval.server.carrier.CarrierPlugin.State;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.io.FileSystemResource;
import reactor.test.StepVerifier;

final class InstalledPluginsTests {

    private final Map<String, Approval> approvals = new HashMap<>();

    @TempDir
    private Path directory;

    private InstalledPlugins plugins;

    @BeforeEach
    void install() {
        plugins = new InstalledPlugins(directory, List.of(), "1.2.0-SNAPSHOT");
    }

    @Test
    void doesNotOpenWhatIsNotApproved() throws IOException {
        new TestPlugin("test", "1.0.0").writeTo(directory.resolve("test.jar"));

        assertThat(scan()).singleElement().satisfies(plugin -> {
            assertThat(plugin.state()).isEqualTo(State.NOT_APPROVED);
            assertThat(plugin.sha256()).hasSize(64);
            assertThat(plugin.id()).isNull();
        });
        assertThat(directory.resolve(".opened")).doesNotExist();
    }

    @Test
    void loadsWhatIsApproved() throws IOException {
        approve(new TestPlugin("test", "1.0.0"), "test.jar");

        assertThat(scan()).singleElement().satisfies(plugin -> {
            assertThat(plugin.state()).isEqualTo(State.IN_USE);
            assertThat(plugin.version()).isEqualTo("1.0.0");
        });
        assertThat(plugins.find("test")).isNotNull();
    }

    @Test
    void loadsWhatIsBundledUntilItIsRevoked() throws IOException {
        Path jar = directory.resolve("elsewhere").resolve("bundled.jar");
        String digest = new TestPlugin("test", "1.0.0").writeTo(jar);
        plugins = new InstalledPlugins(directory, List.of(new FileSystemResource(jar)), "1.0.0");

        assertThat(scan()).extracting(CarrierPlugin::state).containsExactly(State.IN_USE);

        approvals.put(digest, new Approval(digest, "test", true));
        scan();

        assertThat(plugins.find("test")).isNull();
    }

    @Test
    void looksAgainWhenAnApprovedFileChanges() throws IOException {
        Path jar = approve(new TestPlugin("test", "1.0.0"), "test.jar");
        scan();

        Files.writeString(jar, "something else");

        assertThat(scan())
                .first()
                .satisfies(plugin -> assertThat(plugin.state()).isEqualTo(State.NOT_APPROVED));
        assertThat(plugins.find("test")).isNull();
    }

    @Test
    void refusesAnotherPluginThanWasApproved() throws IOException {
        String digest = new TestPlugin("test", "1.0.0").writeTo(directory.resolve("test.jar"));
        approvals.put(digest, new Approval(digest, "smpp", false));

        assertThat(reasonOf(scan())).contains("approved for carrier smpp");
    }

    @Test
    void refusesWhatTheHostProvides() throws IOException {
        approve(new TestPlugin("test", "1.0.0").entry("reactor/core/Evil.class", new byte[] {1}), "test.jar");

        assertThat(reasonOf(scan())).contains("reactor/core/Evil.class");
    }

    @Test
    void refusesWhatTheHostProvidesInALaterRelease() throws IOException {
        approve(
                new TestPlugin("test", "1.0.0").entry("META-INF/versions/21/org/slf4j/Logger.class", new byte[] {1}),
                "test.jar");

        assertThat(reasonOf(scan())).contains("org/slf4j/Logger.class");
    }

    @Test
    void refusesARangeWithoutUpperEnd() throws IOException {
        approve(new TestPlugin("test", "1.0.0").manifest("Plugin-Requires", ">=1.0.0"), "test.jar");

        assertThat(reasonOf(scan())).contains("no upper end");
    }

    @Test
    void takesAnExactVersionAsExact() throws IOException {
        approve(new TestPlugin("test", "1.0.0").manifest("Plugin-Requires", "1.0.0"), "test.jar");

        assertThat(reasonOf(scan())).contains("requires SPI 1.0.0");
    }

    @Test
    void refusesAnotherMajorVersionOfTheSpi() throws IOException {
        approve(new TestPlugin("test", "1.0.0").manifest("Plugin-Requires", ">=2.0.0 & <3.0.0"), "test.jar");

        assertThat(reasonOf(scan())).contains("this server has 1.2.0");
    }

    @Test
    void refusesJarsThatLeadToOtherJars() throws IOException {
        approve(new TestPlugin("test", "1.0.0").manifest("Class-Path", "other.jar"), "test.jar");

        assertThat(reasonOf(scan())).contains("Class-Path");
    }

    @Test
    void refusesAnIdThatTheProviderDoesNotHave() throws IOException {
        approve(new TestPlugin("test", "1.0.0").manifest("Plugin-Id", "other"), "other", "test.jar");

        assertThat(reasonOf(scan())).contains("Plugin-Id is other");
    }

    @Test
    void refusesAJarThatUnpacksWithoutEnd() throws IOException {
        var bomb = new TestPlugin("test", "1.0.0");
        byte[] zeros = new byte[96 << 20];
        for (int i = 0; i < 6; i++) {
            bomb.entry("zeros-" + i, zeros);
        }
        approve(bomb, "test.jar");

        assertThat(reasonOf(scan())).contains("unpacks to more than");
    }

    @Test
    void hidesTheServerFromPlugins() throws IOException {
        approve(
                new TestPlugin("test", "1.0.0")
                        .with(
                                "constructor",
                                "try { Class.forName(\"org.pf4j.PluginManager\", true, Provider.class.getClassLoader());"
                                        + " } catch (ClassNotFoundException e) { return; }"
                                        + " throw new IllegalStateException();"),
                "test.jar");

        assertThat(scan()).extracting(CarrierPlugin::state).containsExactly(State.IN_USE);
    }

    @Test
    void keepsTheVersionThatWorks() throws IOException {
        approve(new TestPlugin("test", "1.0.0"), "test-1.jar");
        scan();

        approve(
                new TestPlugin("test", "1.1.0").with("constructor", "if (true) throw new Error(\"+33600000000\");"),
                "test-2.jar");

        assertThat(scan()).extracting(CarrierPlugin::state).containsExactly(State.IN_USE, State.REFUSED);
        assertThat(Objects.requireNonNull(plugins.find("test")).version()).isEqualTo("1.0.0");
        assertThat(reasonOf(plugins.known())).contains("java.lang.Error").doesNotContain("+336");
    }

    @Test
    void prefersTheHigherVersion() throws IOException {
        approve(new TestPlugin("test", "1.10.0"), "a.jar");
        approve(new TestPlugin("test", "1.9.0"), "b.jar");

        assertThat(scan()).extracting(CarrierPlugin::state).containsExactly(State.IN_USE, State.SUPERSEDED);
    }

    @Test
    void letsGoOfTheClassesOfAnUnloadedPlugin() throws Exception {
        Path jar = approve(new TestPlugin("test", "1.0.0"), "test.jar");
        scan();
        var classes = new WeakReference<>(Objects.requireNonNull(plugins.find("test"))
                .provider()
                .getClass()
                .getClassLoader());

        Files.delete(jar);
        scan();

        for (int i = 0; i < 100 && classes.get() != null; i++) {
            System.gc();
            Thread.sleep(50);
        }
        assertThat(classes.get()).isNull();
    }

    @Test
    void takesNothingFromAVersionThatIsTakenIntoUseAgainWhileItEnds() throws Exception {
        Path jar = approve(new TestPlugin("test", "1.0.0").entry("note.txt", new byte[] {1}), "test.jar");
        scan();
        LoadedPlugin before = Objects.requireNonNull(plugins.find("test"));
        before.retain();
        Path away = Files.move(jar, directory.resolve("test.away"));
        scan();
        Files.move(away, jar);
        scan();
        LoadedPlugin again = Objects.requireNonNull(plugins.find("test"));
        ClassLoader classes = again.provider().getClass().getClassLoader();

        int open = opened().size();
        before.release();

        for (int i = 0; i < 100 && opened().size() == open; i++) {
            Thread.sleep(50);
        }
        assertThat(again).isNotSameAs(before);
        try (var note = classes.getResourceAsStream("note.txt")) {
            assertThat(note).isNotNull().hasBinaryContent(new byte[] {1});
        }
    }

    @Test
    void keepsOnlyTheCopiesThatAreOpen() throws IOException {
        approve(new TestPlugin("test", "1.0.0"), "a.jar");
        approve(new TestPlugin("test", "1.1.0"), "b.jar");
        approve(new TestPlugin("test", "1.2.0").with("constructor", "if (true) throw new Error();"), "c.jar");

        scan();

        assertThat(Objects.requireNonNull(plugins.find("test")).version()).isEqualTo("1.1.0");
        assertThat(opened()).hasSize(1);

        plugins = new InstalledPlugins(directory, List.of(), "1.2.0-SNAPSHOT");
        scan();

        assertThat(opened()).hasSize(1);
    }

    @Test
    void goesOnWithoutAPluginWhoseConstructorNeverEnds() throws IOException {
        approve(
                new TestPlugin("stuck", "1.0.0")
                        .with(
                                "constructor",
                                "while (true) { try { Thread.sleep(60000); } catch (InterruptedException e) {} }"),
                "stuck",
                "stuck.jar");
        approve(new TestPlugin("test", "1.0.0"), "test.jar");

        assertThat(scan()).extracting(CarrierPlugin::state).containsExactly(State.REFUSED, State.IN_USE);
        assertThat(reasonOf(plugins.known())).contains("did not start within");
    }

    @Test
    void prefersTheSameFileOfTwoWithOneVersion() throws IOException {
        approve(new TestPlugin("test", "1.0.0").entry("a", new byte[1]), "a.jar");
        approve(new TestPlugin("test", "1.0.0").entry("b", new byte[1]), "b.jar");

        assertThat(scan()).extracting(CarrierPlugin::state).containsExactly(State.IN_USE, State.SUPERSEDED);
        LoadedPlugin first = plugins.find("test");

        assertThat(scan()).extracting(CarrierPlugin::state).containsExactly(State.IN_USE, State.SUPERSEDED);
        assertThat(plugins.find("test")).isSameAs(first);
    }

    @Test
    void insistsOnAVersionFromTheBuild() {
        assertThatThrownBy(() -> new InstalledPlugins(directory, List.of(), "@carrier.version@"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private Path approve(TestPlugin plugin, String file) throws IOException {
        return approve(plugin, "test", file);
    }

    private Path approve(TestPlugin plugin, String id, String file) throws IOException {
        Path jar = directory.resolve(file);
        String digest = plugin.writeTo(jar);
        approvals.put(digest, new Approval(digest, id, false));
        return jar;
    }

    private List<Path> opened() throws IOException {
        try (var files = Files.list(directory.resolve(".opened"))) {
            return files.toList();
        }
    }

    private List<CarrierPlugin> scan() {
        StepVerifier.create(plugins.scan(Map.copyOf(approvals)))
                .expectComplete()
                .verify(Duration.ofMinutes(2));
        return plugins.known();
    }

    private static String reasonOf(List<CarrierPlugin> known) {
        return known.stream()
                .filter(plugin -> plugin.state() == State.REFUSED)
                .map(plugin -> String.valueOf(plugin.reason()))
                .findFirst()
                .orElseThrow();
    }
}
