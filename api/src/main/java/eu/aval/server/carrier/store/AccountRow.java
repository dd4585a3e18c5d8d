// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.store;

import eu.aval.server.carrier.Processing;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code carrier_account}.
 *
 * @param secrets references as they are, values as {@code sealed:} and Base64
 */
public record AccountRow(
        UUID id,
        String name,
        String carrierId,
        Map<String, String> configuration,
        Map<String, String> secrets,
        boolean enabled,
        @Nullable BigDecimal partsPerSecond,
        @Nullable Integer maximumInFlight,
        @Nullable Integer maximumNodes,
        Processing processing,
        int version,
        Instant updatedAt) {}
