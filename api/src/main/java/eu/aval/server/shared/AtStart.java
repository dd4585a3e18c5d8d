// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.shared;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Waits for work in the database without which there is no start. A request would be told after seconds to come again;
 * here the first connections are opened, by code that has never run, perhaps on a machine that starts much else.
 */
public final class AtStart {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private AtStart() {}

    /**
     * Blocks: before the first request there is nobody to be kept waiting, and the start goes on one thread.
     *
     * @param what is waited for, as in "the heartbeat of this node"
     * @param work that may be done again when the database could not be reached
     */
    public static <T> @Nullable T await(String what, Mono<T> work) {
        return work.retryWhen(Retry.fixedDelay(Long.MAX_VALUE, PAUSE).filter(AtStart::mayPass))
                .timeout(
                        PATIENCE,
                        Mono.error(() -> new CannotStart(
                                "The database did not answer within " + PATIENCE.toSeconds()
                                        + " s: the start waits for " + what + ".",
                                "Look at its log and at the load of its machine, then start again.")))
                .block();
    }

    private static boolean mayPass(Throwable failure) {
        return failure instanceof Problem problem && problem.type() == ProblemType.STORE_UNAVAILABLE;
    }
}
