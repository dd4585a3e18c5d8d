// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.plugin;

import org.jspecify.annotations.Nullable;

/** What came of a call into a plugin. Holds nothing that would keep the plugin's classes alive, except its value. */
public sealed interface Answer<T> {

    /** As it should be. */
    record Value<T>(T value) implements Answer<T> {}

    /** Completed without a value. */
    record Nothing<T>() implements Answer<T> {}

    /**
     * It threw, or signalled an error.
     *
     * @param fault the kind of the error and where it came from: never its message, which may tell anything
     * @param complaint the message of an {@link IllegalArgumentException}, by which a plugin refuses its settings; it
     *     may repeat a secret
     */
    record Failed<T>(String fault, @Nullable String complaint) implements Answer<T> {}

    /**
     * Neither value nor error in time, or the plugin was closed over it.
     *
     * @param begun whether the plugin's code was entered; if not, it never will be
     */
    record Silent<T>(boolean begun) implements Answer<T> {}
}
