// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.tck;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which threads have come since it was started. */
final class ThreadWatch {

    /** Shared by the whole JVM and made when first needed: by the host's Reactor, the JDK, the build. */
    private static final List<String> SHARED = List.of(
            "parallel-",
            "boundedElastic-",
            "single-",
            "tck-host",
            "ForkJoinPool",
            "Attach Listener",
            "process reaper",
            "Common-Cleaner",
            "Cleaner-",
            "Signal Dispatcher",
            "surefire",
            "ping-",
            "AsyncAppender",
            "Keep-Alive-Timer");

    private final Set<Thread> before = running();

    private ThreadWatch() {}

    static ThreadWatch start() {
        return new ThreadWatch();
    }

    /** Names of those which have come and still run. */
    List<String> added() {
        Set<Thread> now = running();
        now.removeAll(before);
        return now.stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> SHARED.stream().noneMatch(name::startsWith))
                .toList();
    }

    private static Set<Thread> running() {
        return new LinkedHashSet<>(Thread.getAllStackTraces().keySet());
    }
}
