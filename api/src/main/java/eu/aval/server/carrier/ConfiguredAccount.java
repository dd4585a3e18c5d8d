// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A carrier account as it is stored, and how it does on this node.
 *
 * @param settings without secrets
 * @param secrets names of secrets, each with its reference or {@link #SEALED}; never a value
 * @param processing where the carrier processes what is given to it
 * @param open the running account; null when it is not open on this node
 * @param problem why it could not be opened here, or with its newest settings; one sentence
 */
public record ConfiguredAccount(
        UUID id,
        String name,
        String carrierId,
        boolean enabled,
        Map<String, String> settings,
        Map<String, String> secrets,
        @Nullable BigDecimal partsPerSecond,
        @Nullable Integer maximumInFlight,
        @Nullable Integer maximumNodes,
        Processing processing,
        int version,
        Instant updatedAt,
        @Nullable CarrierAccount open,
        @Nullable String problem) {

    /** What stands for a secret that is no reference. */
    public static final String SEALED = "sealed";

    public ConfiguredAccount {
        settings = Map.copyOf(settings);
        secrets = Map.copyOf(secrets);
    }
}
