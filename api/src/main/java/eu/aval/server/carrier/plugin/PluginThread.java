// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.plugin;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The one thread on which the host enters a plugin's code for one account. A plugin that blocks stops this thread and
 * nothing else; what waits behind it ends by its own timeout without ever having been begun.
 */
public final class PluginThread {

    private static final Logger log = LoggerFactory.getLogger(PluginThread.class);

    static {
        GuestTask.recognise();
    }

    private final String name;
    private final Scheduler scheduler;
    private final Set<PluginCall<?>> outstanding = ConcurrentHashMap.newKeySet();
    private volatile boolean disposed;

    /** @param classes of the plugin: libraries in it look there for their services */
    PluginThread(String name, ClassLoader classes) {
        this.name = name;
        this.scheduler = Schedulers.newSingle(task -> {
            var thread = new Thread(task, "carrier-" + name);
            thread.setDaemon(true);
            thread.setContextClassLoader(classes);
            thread.setUncaughtExceptionHandler((dead, error) -> complain("its thread", error));
            return thread;
        });
    }

    /** Calls {@code code} on this thread; it has {@code timeout}, waiting for its turn included. Never errors. */
    public <T> Mono<Answer<T>> call(Supplier<@Nullable Mono<T>> code, Duration timeout) {
        return PluginCall.on(this, code, timeout);
    }

    /** Work of the server that the plugin asks for: it sees the server's classes, and what the plugin does next runs on this thread. */
    public <T> Mono<T> serve(Mono<T> work) {
        return GuestTask.ofTheServer(work).publishOn(scheduler);
    }

    /** Ends what is under way as silent, interrupts the plugin's code and lets go of it. */
    public void dispose() {
        disposed = true;
        outstanding.forEach(PluginCall::silence);
        scheduler.dispose();
    }

    boolean enter(PluginCall<?> call) {
        outstanding.add(call);
        return !disposed && execute(call::begin);
    }

    void leave(PluginCall<?> call) {
        outstanding.remove(call);
    }

    boolean execute(Runnable task) {
        try {
            scheduler.schedule(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Logs an error of the plugin without its message. */
    public void complain(String where, Throwable error) {
        log.warn("Carrier {} failed in {}: {}", name, where, Faults.describe(error));
    }
}
