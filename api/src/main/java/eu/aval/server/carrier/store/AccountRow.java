// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.store;

import eu.aval.server.carrier.Processing;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
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
        Instant updatedAt) {

    /** Whether it says the same, of whichever version. */
    public boolean isAs(AccountRow other) {
        return name.equals(other.name)
                && carrierId.equals(other.carrierId)
                && configuration.equals(other.configuration)
                && secrets.equals(other.secrets)
                && enabled == other.enabled
                && plain(partsPerSecond).equals(plain(other.partsPerSecond))
                && Objects.equals(maximumInFlight, other.maximumInFlight)
                && Objects.equals(maximumNodes, other.maximumNodes)
                && processing.equals(other.processing);
    }

    private static String plain(@Nullable BigDecimal rate) {
        return rate == null ? "" : rate.stripTrailingZeros().toPlainString();
    }
}
