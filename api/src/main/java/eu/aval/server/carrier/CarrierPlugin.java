// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier;

import eu.aval.spi.CarrierDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * A jar that this node knows of, and what became of it.
 *
 * @param file its name in the drop directory, or among what came with the server
 * @param sha256 null when it could not be read
 * @param bundled came with the server
 * @param id of the plugin; null as long as the jar has not been opened
 * @param reason one sentence for the operator when it is {@link State#REFUSED}
 * @param descriptor what it can do and the settings of an account; null unless its classes are loaded
 */
public record CarrierPlugin(
        String file,
        @Nullable String sha256,
        boolean bundled,
        State state,
        @Nullable String id,
        @Nullable String version,
        @Nullable String reason,
        @Nullable CarrierDescriptor descriptor) {

    /** What became of a jar. */
    public enum State {
        /** Accounts of this carrier run with it. */
        IN_USE,
        /** Replaced; the last messages given to it are ending. */
        DRAINING,
        /** A higher version is in use. */
        SUPERSEDED,
        /** Its digest is not on the allow-list; it has not been opened. */
        NOT_APPROVED,
        /** An administrator took it off the allow-list. */
        REVOKED,
        /** Cannot be used. */
        REFUSED
    }
}
