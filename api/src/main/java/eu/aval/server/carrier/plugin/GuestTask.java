// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.plugin;

import eu.aval.server.tenant.DroppedErrors;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.core.scheduler.Schedulers;

/**
 * A task that a plugin hands to threads which the whole server shares. It sees the plugin's classes there as on the
 * plugin's own thread, and leaves nothing behind: a thread that is born for it would keep the plugin's class loader for
 * its life, for whatever the server does on it next.
 */
final class GuestTask implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(GuestTask.class);

    private static final Pattern SHARED = Pattern.compile("(boundedElastic|parallel|single)-\\d+");

    private final ClassLoader classes;
    private final Runnable task;

    private GuestTask(ClassLoader classes, Runnable task) {
        this.classes = classes;
        this.task = task;
    }

    /** From now on, for all plugins. */
    static void recognise() {
        Schedulers.onScheduleHook("carrier plugins", task -> {
            ClassLoader classes = Thread.currentThread().getContextClassLoader();
            return classes instanceof JarHost.Classes ? new GuestTask(classes, task) : task;
        });
        DroppedErrors.withoutMessages();
    }

    @Override
    public void run() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(classes);
        try {
            task.run();
        } catch (Throwable e) {
            // Reactor would log it with its message
            log.warn("A task of a carrier failed: {}", Faults.describe(e));
        } finally {
            boolean bornForIt =
                    before == classes && SHARED.matcher(thread.getName()).matches();
            thread.setContextClassLoader(bornForIt ? GuestTask.class.getClassLoader() : before);
        }
    }

    /** The other way round: what the server does for a plugin sees the server's classes, on whatever thread it is asked for. */
    static <T> Mono<T> ofTheServer(Mono<T> work) {
        return new MonoOperator<T, T>(work) {
            @Override
            public void subscribe(CoreSubscriber<? super T> actual) {
                Thread thread = Thread.currentThread();
                ClassLoader before = thread.getContextClassLoader();
                thread.setContextClassLoader(GuestTask.class.getClassLoader());
                try {
                    source.subscribe(actual);
                } finally {
                    thread.setContextClassLoader(before);
                }
            }
        };
    }
}
