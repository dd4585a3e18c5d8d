// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.plugin;

import eu.aval.spi.CarrierDescriptor;
import eu.aval.spi.CarrierProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * One version of a carrier, its classes loaded. Lives as long as somebody uses it: {@link #retain} and {@link #release}
 * count the open accounts, and the last one out after {@link #retire} closes the class loader.
 */
public final class LoadedPlugin {

    private static final Logger log = LoggerFactory.getLogger(LoadedPlugin.class);

    private static final Duration TIME_TO_START = Duration.ofSeconds(10);

    /** A thread that was told to end needs a moment for it. */
    private static final Duration LOOK = Duration.ofMillis(50);

    private static final int LOOKS = 40;

    private final String sha256;
    private final String version;
    private final Path jar;
    private final JarHost host;
    private final CarrierProvider provider;
    private final CarrierDescriptor descriptor;
    private final AtomicInteger users = new AtomicInteger(1);
    private final AtomicBoolean retired = new AtomicBoolean();

    private LoadedPlugin(
            String sha256, String version, Path jar, JarHost host, CarrierProvider provider, CarrierDescriptor told) {
        this.sha256 = sha256;
        this.version = version;
        this.jar = jar;
        this.host = host;
        this.provider = provider;
        this.descriptor = told;
    }

    private record Started(CarrierProvider provider, CarrierDescriptor descriptor) {}

    /** Loads the classes of a jar that has been inspected and makes its provider; {@link PluginRefused} if that fails. */
    static Mono<LoadedPlugin> load(Path jar, String sha256, JarInspection.Manifested manifested, String spiVersion) {
        return Mono.defer(() -> {
            var host = JarHost.open(jar, spiVersion);
            var thread = new PluginThread(manifested.id() + "-loading", host.classes());
            return thread.call(() -> Mono.just(start(host.classes())), TIME_TO_START)
                    .publishOn(Schedulers.boundedElastic())
                    .map(answer -> {
                        var started = checked(answer, manifested.id());
                        return new LoadedPlugin(
                                sha256, manifested.version(), jar, host, started.provider(), started.descriptor());
                    })
                    .doOnError(error -> host.close())
                    .doFinally(signal -> thread.dispose());
        });
    }

    private static Started start(ClassLoader classes) {
        var provider =
                ServiceLoader.load(CarrierProvider.class, classes).iterator().next();
        return new Started(provider, provider.descriptor());
    }

    private static Started checked(Answer<Started> answer, String id) {
        return switch (answer) {
            case Answer.Value<Started> value -> {
                var started = value.value();
                @Nullable CarrierDescriptor descriptor = started.descriptor();
                if (descriptor == null || !descriptor.id().equals(id)) {
                    throw new PluginRefused("Plugin-Id is " + id + ", and the provider says "
                            + (descriptor == null ? "nothing" : descriptor.id()));
                }
                if (started.provider().getClass().getClassLoader() instanceof HostClasses) {
                    throw new PluginRefused("The provider is not a class of the jar");
                }
                yield started;
            }
            case Answer.Nothing<Started> nothing -> throw new PluginRefused("The provider did not start");
            case Answer.Failed<Started> failed ->
                throw new PluginRefused("The provider did not start: " + failed.fault());
            case Answer.Silent<Started> silent ->
                throw new PluginRefused("The provider did not start within " + TIME_TO_START.toSeconds() + " s");
        };
    }

    public String sha256() {
        return sha256;
    }

    public String version() {
        return version;
    }

    public CarrierProvider provider() {
        return provider;
    }

    /** As it was when the plugin was loaded. */
    public CarrierDescriptor descriptor() {
        return descriptor;
    }

    public PluginThread newThread(String account) {
        return new PluginThread(account, host.classes());
    }

    /** False when it is closed already. */
    public boolean retain() {
        return users.getAndUpdate(n -> n == 0 ? 0 : n + 1) > 0;
    }

    public void release() {
        if (users.decrementAndGet() == 0) {
            Flux.interval(Duration.ZERO, LOOK, Schedulers.boundedElastic())
                    .takeUntil(
                            look -> look >= LOOKS || threadsLeft(host.classes()).isEmpty())
                    .doFinally(signal -> close())
                    .subscribe();
        }
    }

    /** Not chosen any more: closes when the last account has let go. */
    void retire() {
        if (retired.compareAndSet(false, true)) {
            release();
        }
    }

    boolean isClosed() {
        return users.get() == 0;
    }

    private void close() {
        var left = threadsLeft(host.classes());
        if (!left.isEmpty()) {
            log.warn("Carrier {} {} left threads running: {}", descriptor.id(), version, left);
        }
        host.close();
        PrivateCopies.delete(jar);
        log.info("Unloaded carrier {} {}", descriptor.id(), version);
    }

    /** Names of threads that still belong to these classes. */
    static List<String> threadsLeft(ClassLoader classes) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && thread.getContextClassLoader() == classes)
                .map(Thread::getName)
                .sorted()
                .limit(20)
                .toList();
    }
}
