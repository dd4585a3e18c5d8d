// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier;

import java.util.Collection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** The accounts that are open on this node. */
public interface CarrierAccounts {

    /** The carrier whose messages end in this process. */
    String SIMULATOR = "simulator";

    /** A snapshot. */
    Collection<CarrierAccount> open();

    /** Null when it is not open on this node. */
    @Nullable
    CarrierAccount find(UUID id);

    /**
     * Whether some node can send through it now: it is available here, or another node holds its session. Of an account
     * that this node should have open and has not: false.
     */
    boolean reachable(UUID id);

    /** What changes from now on; hot, never ends, and a slow subscriber misses the oldest. */
    Flux<Change> changes();

    /** One change of one account. */
    record Change(Kind kind, CarrierAccount account) {

        /** What changed. */
        public enum Kind {
            OPENED,
            /** {@link CarrierAccount#available()} may have changed. */
            AVAILABILITY,
            CLOSED
        }
    }
}
