// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.shared;

import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Versions of what several people may change: a change that was made from an old one is refused and nothing is lost. */
public final class Version {

    private Version() {}

    /**
     * To be asked where the row is locked.
     *
     * @param what the thing, in a sentence
     * @param read the version that a change was made from; null is whichever
     * @return an error {@link Problem} of type CONFLICT if it is not the one that there is
     */
    public static Mono<Void> require(String what, @Nullable Integer read, int current) {
        return read == null || read == current
                ? Mono.empty()
                : Mono.error(new Problem(
                        ProblemType.CONFLICT,
                        "Somebody else changed the " + what + " meanwhile: read it again.",
                        List.of(new Problem.Field("/version", "CHANGED", "Is " + current + " now"))));
    }
}
