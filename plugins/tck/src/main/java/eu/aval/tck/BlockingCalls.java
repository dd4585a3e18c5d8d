// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.tck;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingOperationError;

/** Remembers each blocking call on a non-blocking thread, also those whose error the plugin swallowed. */
final class BlockingCalls {

    private static final List<BlockingOperationError> SEEN = new CopyOnWriteArrayList<>();

    private static @Nullable String failure;

    private static boolean installed;

    private BlockingCalls() {}

    /** Once for the JVM; later calls do nothing. */
    static synchronized void detect() {
        if (installed || failure != null) {
            return;
        }
        try {
            BlockHound.install(builder -> {
                // The locks inside an executor are held for a moment, and nothing can be closed without them
                for (String method : new String[] {"shutdown", "shutdownNow", "tryTerminate", "remove"}) {
                    builder.allowBlockingCallsInside(ThreadPoolExecutor.class.getName(), method);
                    builder.allowBlockingCallsInside(ScheduledThreadPoolExecutor.class.getName(), method);
                }
                for (String method : new String[] {"offer", "remove", "size", "isEmpty"}) {
                    builder.allowBlockingCallsInside(
                            ScheduledThreadPoolExecutor.class.getName() + "$DelayedWorkQueue", method);
                }
                builder.blockingMethodCallback(method -> {
                    BlockingOperationError error = new BlockingOperationError(method);
                    SEEN.add(error);
                    throw error;
                });
            });
            installed = true;
        } catch (RuntimeException | LinkageError e) {
            failure = e.toString();
        }
    }

    /** Why nothing is detected; null when it is. */
    static synchronized @Nullable String failure() {
        return failure;
    }

    static List<BlockingOperationError> seen() {
        return List.copyOf(SEEN);
    }

    static void forget() {
        SEEN.clear();
    }
}
