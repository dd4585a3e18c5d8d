// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.spi.Carrier;
import eu.aval.spi.CarrierProvider;
import eu.aval.spi.config.CarrierConfiguration;
import eu.aval.spi.submit.SubmitOutcome;
import eu.aval.spi.submit.SubmitRequest;
import eu.aval.spi.text.Address;
import eu.aval.spi.text.Text;
import eu.aval.tck.TestingCarrierContext;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Loaded, used, closed and forgotten, as the host does when a plugin is replaced. */
final class PluginClassLoaderTests {

    private static final Predicate<String> OWN = name -> name.startsWith("simulator-");

    @Test
    void leavesNothingBehindWhenItIsUnloaded() throws Exception {
        WeakReference<ClassLoader> loader = useOnce();

        // Other classes of tests have used the same names; what they closed may take a moment to end
        for (int i = 0; i < 1_000 && (loader.get() != null || threads().anyMatch(OWN)); i++) {
            System.gc();
            Thread.sleep(50);
        }
        assertThat(loader.get()).as("the plugin's class loader after close").isNull();
        assertThat(threads()).noneMatch(OWN);
    }

    private static Stream<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName);
    }

    private static WeakReference<ClassLoader> useOnce() throws Exception {
        try (PluginLoader loader = new PluginLoader()) {
            CarrierProvider provider = ServiceLoader.load(CarrierProvider.class, loader).stream()
                    .filter(candidate -> candidate.type().getClassLoader() == loader)
                    .findFirst()
                    .orElseThrow()
                    .get();
            Carrier carrier = provider.open(
                            CarrierConfiguration.of(Map.of(), Map.of()), new TestingCarrierContext("unloaded"))
                    .toFuture()
                    .get(60, TimeUnit.SECONDS);
            SubmitOutcome outcome = carrier.submit(SubmitRequest.builder(
                                    UUID.randomUUID(),
                                    Address.e164("+33639980000"),
                                    Address.of(Address.Kind.ALPHANUMERIC, "AVAL"),
                                    Text.of("Hello"))
                            .build())
                    .toFuture()
                    .get(60, TimeUnit.SECONDS);
            assertThat(outcome).isInstanceOf(SubmitOutcome.Accepted.class);
            carrier.close(Duration.ofSeconds(1)).toFuture().get(60, TimeUnit.SECONDS);
            return new WeakReference<>(loader);
        }
    }

    /** The plugin's own classes first, everything else from the host. */
    private static final class PluginLoader extends URLClassLoader {

        PluginLoader() throws IOException {
            super(new URL[] {Path.of("target/classes").toUri().toURL()}, CarrierProvider.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("eu.aval.carrier.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }

        @Override
        public java.util.Enumeration<URL> getResources(String name) throws IOException {
            return findResources(name);
        }
    }
}
